// Files from what a person drops, pastes or chooses, folders included. Knows the browser's ways of giving them.

const SOUND_NAME =
  /\.(wav|wave|mp3|m4a|m4b|aac|ogg|oga|opus|flac|aif|aiff|aifc|caf|au|amr|wma|weba|webm|mka|mkv|mp4|m4v|mov|avi|3gp|mpg|mpeg|ts)$/i;

/** Whether a file may hold sound, by its type or its name; only the service can tell for sure. */
export function maySound({ type, name }: { type: string; name: string }): boolean {
  return /^(audio|video)\//.test(type) || SOUND_NAME.test(name) || type === "application/ogg";
}

/** A single file is taken as it is: whoever gives it means it. Of several, those without sound are left out. */
export function sift<F extends { type: string; name: string }>(
  files: readonly F[],
): { kept: F[]; leftOut: number } {
  if (files.length <= 1) return { kept: [...files], leftOut: 0 };
  const kept = files.filter(maySound);
  return { kept, leftOut: files.length - kept.length };
}

/**
 * Everything in a drop or a paste, folders walked to their ends. The entries must be taken at once: the browser empties the
 * transfer when the event is over.
 */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = items.map((item) => item.getAsFile());
  const found = await Promise.all(
    entries.map(async (entry, i) => {
      if (entry?.isDirectory) return walk(entry as FileSystemDirectoryEntry);
      return files[i] ? [files[i]] : [];
    }),
  );
  return found.flat();
}

async function walk(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const found: File[] = [];
  for (;;) {
    // It gives a hundred or so at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return found;
    for (const entry of some) {
      if (entry.isDirectory) found.push(...(await walk(entry as FileSystemDirectoryEntry)));
      else
        found.push(await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail)));
    }
  }
}
