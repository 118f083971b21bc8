import './workers.ts';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { loadConfig } from './config.ts';

const place = document.getElementById('playground');
if (!place) throw new Error('index.html has no place for the playground');
const root = createRoot(place);

loadConfig().then(
  (config) => root.render(<App config={config} />),
  (error: unknown) =>
    root.render(
      <p className="failure" role="alert">
        The playground could not start: {error instanceof Error ? error.message : String(error)}
      </p>,
    ),
);
