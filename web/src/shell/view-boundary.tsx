// Catches a view that could not be loaded or drawn, so that the rest of the page stays. Knows React's way of catching.
import { Component, type ReactNode } from "react";
import { ErrorState, Page } from "../parts/index.ts";
import { shell } from "../strings/shell.ts";

/** Give it the address as `key`: another address is another try. */
export class ViewBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Page title={shell.viewFailed}>
        <ErrorState error={shell.pageFailed} retry={() => location.reload()} />
      </Page>
    );
  }
}
