import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';
import { Bar } from './Bar.tsx';
import { loadConfig, type PlaygroundConfig } from './config.ts';
import { graphqlFetcher, type Problem } from './graphql-fetcher.ts';
import { SampleMenu, variablesText } from './SampleMenu.tsx';
import { playgroundStorage, tabMemory } from './storage.ts';

const welcome = '# Welcome to Kontor. The schema is documented in the book icon on the left.\n\n';

export function App({ config }: { config: PlaygroundConfig }) {
  const [session, setSession] = useState(config.session);
  const [organizationId, setOrganizationId] = useState(() => {
    const remembered = tabMemory.get('organization');
    const isKnown = config.session?.organizations.some(({ id }) => id === remembered);
    return isKnown ? remembered : config.session?.selected;
  });
  const [pastedToken, setPastedToken] = useState(() => tabMemory.get('token'));
  const [problem, setProblem] = useState<Problem>();

  const organization = session?.organizations.find(({ id }) => id === organizationId);
  const token = session ? organization?.token : pastedToken;
  const signedIn = session !== undefined;

  const fetcher = useMemo(() => {
    const renewToken = async () => {
      const renewed = (await loadConfig()).session;
      if (renewed) setSession(renewed);
      return renewed?.organizations.find(({ id }) => id === organizationId)?.token;
    };
    return graphqlFetcher({ token, onProblem: setProblem, ...(signedIn && { renewToken }) });
  }, [token, organizationId, signedIn]);

  const selectOrganization = (id: string) => {
    tabMemory.set('organization', id);
    setOrganizationId(id);
  };
  const useToken = (pasted: string) => {
    tabMemory.set('token', pasted);
    setPastedToken(pasted);
  };

  return (
    <>
      <Bar
        session={session}
        organizationId={organizationId}
        token={pastedToken}
        problem={problem}
        onOrganization={selectOrganization}
        onToken={useToken}
      />
      <main className="workbench">
        {/* Another organisation or token starts a new GraphiQL: no answer of the former one stays in any tab. */}
        <GraphiQL
          key={organizationId ?? token}
          fetcher={fetcher}
          storage={playgroundStorage}
          defaultQuery={welcome}
          defaultTabs={config.operations.map((operation) => ({
            query: operation.query,
            variables: variablesText(operation),
          }))}
          isHeadersEditorEnabled={false}
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <SampleMenu operations={config.operations} />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}
