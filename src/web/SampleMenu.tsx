import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { SampleOperation } from './config.ts';

/** Opens a sample in a new tab: the first visit's tabs may be closed or edited by now, or be older than the server. */
export function SampleMenu({ operations }: { operations: SampleOperation[] }) {
  const { addTab } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  const open = (title: string) => {
    const operation = operations.find((candidate) => candidate.title === title);
    if (!operation) return;
    const { query, variables } = tabOf(operation);
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };
  if (operations.length === 0) return null;
  return (
    <select
      className="sample-menu"
      aria-label="Open a sample operation"
      value=""
      onChange={(event) => open(event.target.value)}
    >
      <option value="" disabled hidden>
        Samples
      </option>
      {operations.map(({ title }) => (
        <option key={title}>{title}</option>
      ))}
    </select>
  );
}

/** As GraphiQL's editors want it: two texts. */
export const tabOf = ({ query, variables }: SampleOperation) => ({
  query,
  variables: variables ? JSON.stringify(variables, null, 2) : '',
});
