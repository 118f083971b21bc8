import { useState, type FormEvent } from 'react';
import type { Session } from './config.ts';
import { problemText, type Problem } from './graphql-fetcher.ts';

interface BarProps {
  session: Session | undefined;
  organizationId: string | undefined;
  token: string | undefined;
  problem: Problem | undefined;
  onOrganization: (id: string) => void;
  onToken: (token: string) => void;
}

/** The strip above GraphiQL: whose records are shown, and what is wrong if something is. */
export function Bar({ session, organizationId, token, problem, onOrganization, onToken }: BarProps) {
  return (
    <header className="bar">
      <span className="bar-name">
        <Mark />
        Kontor
      </span>
      <p className="bar-problem" role="status">
        {problem && problemText[problem]}
      </p>
      {session ? (
        <OrganizationSwitch session={session} selected={organizationId} onSelect={onOrganization} />
      ) : (
        <TokenField token={token} onToken={onToken} />
      )}
    </header>
  );
}

function OrganizationSwitch(props: {
  session: Session;
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const { organizations } = props.session;
  const [only] = organizations;
  if (organizations.length === 1 && only) return <span className="bar-field">Organization {only.name}</span>;
  return (
    <div className="bar-field">
      <label htmlFor="organization">Organization</label>
      <select
        id="organization"
        value={props.selected}
        onChange={(event) => props.onSelect(event.target.value)}
      >
        {organizations.map(({ id, name, hasRecords }) => (
          <option key={id} value={id}>
            {hasRecords ? name : `${name} (empty)`}
          </option>
        ))}
      </select>
    </div>
  );
}

function TokenField(props: { token: string | undefined; onToken: (token: string) => void }) {
  const [text, setText] = useState(props.token ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // People paste the whole header as often as the bare token.
    props.onToken(text.trim().replace(/^Bearer\s+/i, ''));
  };
  return (
    <form className="bar-field" onSubmit={submit}>
      <span className="bar-hint">
        Get one with <code>npm run -s kontor -- token --role ADMIN</code>
      </span>
      <input
        type="password"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Bearer token"
        aria-label="Bearer token"
        autoComplete="off"
        spellCheck={false}
      />
      <button type="submit">Use token</button>
    </form>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1d4e6f" />
      <path
        d="M10 7v18M22 7 11.5 16 22 25"
        fill="none"
        stroke="#fff"
        strokeWidth="3.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
