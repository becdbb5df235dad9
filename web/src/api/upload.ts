// Sends one file with its progress. Knows XMLHttpRequest (fetch tells nothing of what was sent), no views.
import { API, refused } from "./client.ts";
import { unreachable } from "./problem.ts";
import type { Recording } from "./types.ts";

export type UploadOptions = {
  model?: string;
  language?: string;
  /** Id of the batch it belongs to. */
  batch?: string;
  /** 0..1 of the bytes. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
};

/**
 * @returns the recording, answered or still queued
 * @throws ServiceError, or an AbortError where `signal` was used
 */
export function upload(file: File, options: UploadOptions = {}): Promise<Recording> {
  const { onProgress, signal } = options;
  const form = new FormData();
  // Fields stand before the file: the service reads the stream once, in order.
  for (const field of ["model", "language", "batch"] as const) {
    if (options[field]) form.append(field, options[field]);
  }
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API}/recordings`);
    request.setRequestHeader("accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 201 || request.status === 202) resolve(JSON.parse(request.responseText));
      else reject(refused(request.status, request.responseText, request.getResponseHeader("retry-after")));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("The upload was stopped", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    if (signal?.aborted) reject(new DOMException("The upload was stopped", "AbortError"));
    else request.send(form);
  });
}
