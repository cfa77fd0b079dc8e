import './monaco-workers.ts';
import 'graphiql/style.css';
import './sandbox.css';
import { GraphiQL } from 'graphiql';
import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './fetcher.ts';

const KEY = 'weir-key';

const FIRST_QUERY = `# This is the graph as your key may see it. Without a key: public sources only.
# The fields of Query are the sources; the book on the left documents each.

query Me {
  me {
    kind
    role
  }
}
`;

function Sandbox() {
  const [typed, setTyped] = useState(sessionStorage.getItem(KEY) ?? '');
  const [key, setKey] = useState(typed);
  const [trace, setTrace] = useState(false);
  const fetcher = useMemo(() => createFetcher({ key, trace }), [key, trace]);

  const apply = (): void => {
    sessionStorage.setItem(KEY, typed);
    setKey(typed);
  };

  return (
    <>
      <form
        className="weir-bar"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <strong>Weir sandbox</strong>
        <label>
          Key
          <input
            type="password"
            name="weir-key"
            autoComplete="off"
            placeholder="none: anonymous"
            value={typed}
            onChange={(event) => setTyped(event.target.value.trim())}
          />
        </label>
        <button type="submit">Use key</button>
        <label>
          <input type="checkbox" checked={trace} onChange={(event) => setTrace(event.target.checked)} />
          Trace
        </label>
      </form>
      <main className="weir-editor">
        {/* A new key is a new view of the graph: start the editor's schema afresh. */}
        <GraphiQL key={key} fetcher={fetcher} defaultQuery={FIRST_QUERY} shouldPersistHeaders={false} />
      </main>
    </>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('sandbox.html lacks #root');
createRoot(root).render(
  <StrictMode>
    <Sandbox />
  </StrictMode>,
);
