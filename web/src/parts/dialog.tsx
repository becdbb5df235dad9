// A modal dialog on the browser's own <dialog>: focus, Escape and the rest of the page are its business.
import { type ReactNode, useEffect, useId, useRef } from "react";
import { parts } from "../strings/shell.ts";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";

/** @param actions buttons beside "Cancel" @param onClose also on Escape */
export function Dialog({
  open,
  onClose,
  title,
  children,
  actions,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      className={styles.dialog}
      aria-labelledby={id}
      onCancel={onClose}
      // The browser tells of a closing a task later (HTML, 4.11.4, "close the dialog"). A key that comes between may have
      // opened it again, for something else: that is not closed by it.
      onClose={() => {
        if (!ref.current?.open) onClose();
      }}
    >
      {open && (
        <div className={styles.body}>
          <h2 id={id}>{title}</h2>
          {children}
          <div className={styles.actions}>
            <Button variant="quiet" onClick={onClose}>
              {actions ? parts.cancel : parts.close}
            </Button>
            {actions}
          </div>
        </div>
      )}
    </dialog>
  );
}
