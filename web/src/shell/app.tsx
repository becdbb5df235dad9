// The page's frame: brand, navigation, the view of the address, what stands at the foot. Knows views by their address only.
import { Suspense, useEffect, useRef } from "react";
import { connection, listen } from "../api/events.ts";
import { tokenNeeded } from "../api/session.ts";
import { useStore } from "../api/store.ts";
import mark from "../mark.svg";
import { ButtonLink, EmptyState, Page, SkeletonLines } from "../parts/index.ts";
import { Toasts } from "../parts/toasts.tsx";
import { hrefTo, parseAddress, useHash } from "../router.ts";
import { shell } from "../strings/shell.ts";
import { Icon } from "./icons.tsx";
import { loadService } from "./service.ts";
import styles from "./shell.module.css";
import { THEMES, type Theme, theme } from "./theme.ts";
import { TokenForm } from "./token-form.tsx";
import { ViewBoundary } from "./view-boundary.tsx";
import { navigation, views } from "./views.ts";

export function App() {
  const hash = useHash();
  const { path, query } = parseAddress(hash);
  const [first = "", ...rest] = path;
  const isLocked = useStore(tokenNeeded);
  const main = useRef<HTMLElement>(null);
  useFocusOnMove(first, main);
  useEffect(() => {
    if (isLocked) return;
    void loadService();
    return listen();
  }, [isLocked]);
  const View = views[first]?.View;
  return (
    <>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {shell.skip}
      </button>
      <div className={styles.frame}>
        <div className={styles.rail}>
          <header className={styles.head}>
            <a className={styles.brand} href="#/">
              <img src={mark} alt="" width="32" height="32" />
              {shell.name}
            </a>
            <ConnectionState />
          </header>
          <Navigation current={first === "recordings" ? "" : first} />
          <footer className={styles.foot}>
            <ConnectionState />
            <ThemeChoice />
            <a href="/api/docs">{shell.apiDocs}</a>
          </footer>
        </div>
        <main id="main" className={styles.main} ref={main} tabIndex={-1}>
          {isLocked ? (
            <TokenForm onOpen={() => undefined} />
          ) : View ? (
            <ViewBoundary key={first}>
              <Suspense fallback={<Waiting />}>
                <View path={rest} query={query} />
              </Suspense>
            </ViewBoundary>
          ) : (
            <NotFound />
          )}
        </main>
      </div>
      <OfflineBar />
      <Toasts />
    </>
  );
}

function Navigation({ current }: { current: string }) {
  return (
    <nav className={styles.nav} aria-label={shell.navigation}>
      <ul>
        {navigation.map(({ to, label, icon }) => (
          <li key={to}>
            <a
              href={hrefTo(to ? [to] : [])}
              aria-current={to === current ? "page" : undefined}
              onPointerEnter={() => views[to]?.preload()}
              onFocus={() => views[to]?.preload()}
            >
              <Icon name={icon} />
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ConnectionState() {
  const state = useStore(connection);
  const words = { connecting: shell.connecting, online: shell.online, offline: shell.offlineShort }[state];
  return (
    <p className={styles.state} data-connection={state}>
      <span className={styles.dot} aria-hidden="true" />
      {words}
    </p>
  );
}

/** Lies over the page, so that nothing moves when the service goes and comes back. */
function OfflineBar() {
  const isOffline = useStore(connection) === "offline";
  return (
    <div className={styles.offline} role="status" data-shown={isOffline || undefined}>
      {isOffline && shell.offline}
    </div>
  );
}

function ThemeChoice() {
  const names = { system: shell.themeSystem, light: shell.themeLight, dark: shell.themeDark };
  return (
    <label className={styles.theme}>
      <span>{shell.theme}</span>
      <select value={useStore(theme)} onChange={(event) => theme.set(event.target.value as Theme)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {names[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <h1 className="visually-hidden">{shell.loading}</h1>
      <SkeletonLines lines={6} height="2rem" />
    </div>
  );
}

function NotFound() {
  return (
    <Page title={shell.notFound}>
      <EmptyState
        title={shell.notFoundText}
        action={
          <ButtonLink variant="primary" href="#/">
            {shell.toAnalyse}
          </ButtonLink>
        }
      />
    </Page>
  );
}

/** Another view: to its top, and the focus to its heading, as if a page had been opened. */
function useFocusOnMove(view: string, main: React.RefObject<HTMLElement | null>) {
  const before = useRef(view);
  useEffect(() => {
    if (before.current === view) return;
    before.current = view;
    scrollTo(0, 0);
    requestAnimationFrame(() =>
      (main.current?.querySelector("h1") ?? main.current)?.focus({ preventScroll: true }),
    );
  }, [view, main]);
}
