import { exitCodeOf, failureLine } from './cli/failure.ts';
import { isDebugging } from './config.ts';
import { serve } from './server/serve.ts';

// npm start [-- --empty]: the same as `kontor serve`
try {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--empty');
  if (unknown.length > 0)
    throw new Error(`unknown argument ${unknown.join(' ')}; npm start takes --empty only`);
  await serve({ sample: !process.argv.includes('--empty') });
} catch (error) {
  process.stderr.write(`${failureLine(error)}\n`);
  if (isDebugging()) process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(exitCodeOf(error));
}
