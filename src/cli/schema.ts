import type { Command } from 'commander';
import { print } from './output.ts';

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description('print the GraphQL schema (SDL); needs no database')
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- schema > schema.graphql')
    .action(async () => {
      const { printSchemaText } = await import('../graphql/schema.ts');
      print((await printSchemaText()).trimEnd());
    });
}
