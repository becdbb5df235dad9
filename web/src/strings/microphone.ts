// English for whatever keeps the microphone from being heard.
import type { MicrophoneProblem } from "../audio/microphone.ts";

const explain: Record<MicrophoneProblem, string> = {
  insecure:
    "Browsers give the microphone only to pages from this machine or over HTTPS. Open this page as http://localhost, or put HTTPS in front of the service.",
  unsupported:
    "This browser cannot read the microphone sample by sample. A current Chrome, Edge, Firefox or Safari can.",
  denied:
    "The browser was told not to give the microphone to this page. Allow it in the address bar's site settings, then try again.",
  none: "No microphone was found. Plug one in, or choose one in the system's sound settings, then try again.",
  busy: "The microphone is there but does not answer; another program may hold it. Close that one, then try again.",
  failed: "The microphone could not be opened. Unplug it and plug it in again, then try once more.",
};

export const microphone = { title: "The microphone cannot be heard", explain } as const;
