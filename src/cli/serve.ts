import type { Command } from 'commander';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve GraphQL and the playground; the same as npm start')
    .option('--empty', 'on the first start, leave out the organization Sample')
    .addHelpText('after', '\nExample:\n  PORT=8080 npm run -s kontor -- serve --empty')
    .action(async (options: { empty?: true }) => {
      const { serve } = await import('../server/serve.ts');
      await serve({ sample: !options.empty });
    });
}
