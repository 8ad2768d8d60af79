/** `docs/reference/command-line.md`: what `--help` says, and where calls go. */
import { COMMANDS } from '../../cli/commands.ts';
import { helpOf, overview } from '../../cli/help.ts';
import type { Generated } from './generated.ts';

/** The page. */
export function commandLine(): readonly Generated[] {
  const commands = COMMANDS.map((command) => `## fairlead ${command.name}\n\n${block(helpOf(command))}`);
  const content = `<!-- made by \`npm run generate\` from cli/: change it there -->
# Command line

After \`npm ci\`, \`npx fairlead\` runs it. Exit codes: [exit-codes.md](exit-codes.md).

${block(overview(COMMANDS))}

## Where calls go, and who signs them

The first of these that says something wins; it is printed first, on stderr.

1. \`--endpoint URL\`
2. the variable \`FAIRLEAD_ENDPOINT\`
3. \`fairlead_endpoint = URL\` in the AWS profile (\`--profile\`, else \`AWS_PROFILE\`), in \`~/.aws/config\`
4. the running local stack

For 1 to 3 your own AWS credentials sign, found as every AWS tool finds them; they must be a session of a source, operator or reader role
of that installation. For 4 a session of the stack's own operator role signs, whatever credentials you have set: yours are for AWS, and never
travel to what only looks like it. To call the local stack as somebody else, use \`fairlead env\` and change the credentials: its
\`FAIRLEAD_ENDPOINT\` makes it case 2.

${commands.join('\n\n')}
`;
  return [{ path: 'docs/reference/command-line.md', content }];
}

const block = (text: string) => `\`\`\`text\n${text}\n\`\`\``;
