import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';
import { Bar } from './Bar.tsx';
import { loadConfig, type PlaygroundConfig, type Session } from './config.ts';
import { graphqlFetcher, type Problem } from './graphql-fetcher.ts';
import { SampleMenu, tabOf } from './SampleMenu.tsx';
import { playgroundStorage, rememberedTab, tabMemory } from './storage.ts';

const welcome = '# Welcome to Kontor. The schema is documented in the book icon on the left.\n\n';

export function App({ config: { operations, session } }: { config: PlaygroundConfig }) {
  const [problem, setProblem] = useState<Problem>();
  const organizationId = session && openedOrganization(session);
  const samples = operations.map(tabOf);
  const [openingTab] = useState(() => rememberedTab() ?? samples[0] ?? { query: welcome, variables: '' });
  const pastedToken = tabMemory.get('token');

  const fetcher = useMemo(() => {
    const sessionToken = (current: Session | undefined) =>
      current?.organizations.find(({ id }) => id === organizationId)?.token;
    return session
      ? graphqlFetcher({
          token: sessionToken(session),
          renewToken: async () => sessionToken((await loadConfig()).session),
          onProblem: setProblem,
        })
      : graphqlFetcher({ token: pastedToken, onProblem: setProblem });
  }, [session, organizationId, pastedToken]);

  return (
    <>
      <Bar
        session={session}
        organizationId={organizationId}
        token={pastedToken}
        problem={problem}
        onOrganization={(id) => startAgainWith('organization', id)}
        onToken={(token) => startAgainWith('token', token)}
      />
      <main className="workbench">
        <GraphiQL
          fetcher={fetcher}
          storage={playgroundStorage}
          defaultQuery={welcome}
          defaultTabs={samples}
          initialQuery={openingTab.query}
          initialVariables={openingTab.variables}
          defaultEditorToolsVisibility={operations.some(({ variables }) => variables) ? 'variables' : false}
          isHeadersEditorEnabled={false}
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <SampleMenu operations={operations} />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

function openedOrganization({ organizations, selected }: Session): string {
  const remembered = tabMemory.get('organization');
  return organizations.find(({ id }) => id === remembered)?.id ?? selected;
}

/**
 * Another organisation or token begins with a fresh page: the schema is read again, and no answer to the former
 * one stays in any tab or arrives late. The operations themselves are kept in the local storage.
 */
function startAgainWith(name: 'organization' | 'token', value: string): void {
  tabMemory.set(name, value);
  location.reload();
}
