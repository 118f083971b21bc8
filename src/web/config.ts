/** What the server tells the page: `GET /playground/config`. */
export interface PlaygroundConfig {
  operations: SampleOperation[];
  /** Only on the machine that runs the embedded database; elsewhere visitors paste their own token. */
  session?: Session;
}

export interface SampleOperation {
  title: string;
  query: string;
  variables?: Record<string, unknown>;
}

export interface Session {
  organizations: Organization[];
  /** Id of the organisation to open with. */
  selected: string;
}

export interface Organization {
  id: string;
  name: string;
  token: string;
  hasRecords: boolean;
}

export async function loadConfig(): Promise<PlaygroundConfig> {
  const response = await fetch('/playground/config', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as PlaygroundConfig;
}
