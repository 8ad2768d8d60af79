import type { LayerTexts } from '../../contracts/layer-store.ts';
import { changeLayer } from './edit-layer.ts';
import { yamlValue } from './edit-text.ts';
import { readLayerText } from './read-layer.ts';

/** Texts of layers, read and changed as helm understands them. */
export const layerTexts: LayerTexts = { read: readLayerText, change: changeLayer, value: yamlValue };
