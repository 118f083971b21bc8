/**
 * GraphiQL's tabs, history and layout under our own prefix: other GraphQL servers tried out on the same
 * localhost port keep theirs in the same local storage, and their tabs would hide the sample operations.
 */
export const playgroundStorage = {
  getItem: (key: string) => localStorage.getItem(prefix + key),
  setItem: (key: string, value: string) => localStorage.setItem(prefix + key, value),
  removeItem: (key: string) => localStorage.removeItem(prefix + key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};

const prefix = 'kontor:';
const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

/** What is forgotten with the browser tab: the pasted token, the organisation looked at. */
export const tabMemory = {
  get: (name: 'token' | 'organization') => sessionStorage.getItem(prefix + name) ?? undefined,
  set: (name: 'token' | 'organization', value: string) => sessionStorage.setItem(prefix + name, value),
};

/**
 * The tab that GraphiQL will open with, if this is not the first visit. It must be told: by itself it shows the
 * tab's query without its variables until another tab has been looked at.
 */
export function rememberedTab(): { query: string; variables: string } | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(
      playgroundStorage.getItem('graphiql:tabState') ?? '',
    ) as TabState;
    const tab = tabs[activeTabIndex];
    return tab && { query: tab.query ?? '', variables: tab.variables ?? '' };
  } catch {
    return undefined;
  }
}

interface TabState {
  tabs: { query: string | null; variables: string | null }[];
  activeTabIndex: number;
}
