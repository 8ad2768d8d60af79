/** JSON log lines by Powertools for AWS Lambda, behind the port `Log`. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../../domain/ports.ts';

/** A log for the function called `serviceName`; fields are merged into the line. */
export function powertoolsLog(serviceName: string): Log {
  const logger = new Logger({ serviceName });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
