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
    addTab();
    queryEditor?.setValue(operation.query);
    variableEditor?.setValue(variablesText(operation));
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

/** As GraphiQL's variable editor wants them: nothing, or JSON text. */
export const variablesText = ({ variables }: SampleOperation) =>
  variables ? JSON.stringify(variables, null, 2) : '';
