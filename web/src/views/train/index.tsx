// The door of Train: there where the service was given data, and a word on how to give it else.
import { useStore } from "../../api/store.ts";
import { EmptyState, Page, SkeletonLines } from "../../parts/index.ts";
import { service } from "../../shell/service.ts";
import { train as words } from "../../strings/train.ts";
import { Training } from "./training.tsx";

export function View() {
  const known = useStore(service);
  if (known?.training) return <Training />;
  return (
    <Page title={words.title} lead={words.lead}>
      {known ? (
        <EmptyState title={words.off}>{words.offText}</EmptyState>
      ) : (
        <SkeletonLines lines={6} height="3rem" />
      )}
    </Page>
  );
}
