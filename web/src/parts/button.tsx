// Buttons, and links that look like them. Knows looks, no actions.
import type { ComponentProps } from "react";
import styles from "./button.module.css";
import { cx } from "./cx.ts";
import { Spinner } from "./waiting.tsx";

export type ButtonLook = {
  variant?: "primary" | "plain" | "quiet" | "danger";
  small?: boolean;
};

function look({ variant = "plain", small }: ButtonLook, className?: string): string {
  return cx(styles.button, styles[variant], small && styles.small, className);
}

/** `busy` shows a spinner and takes no presses, but keeps the focus. */
export function Button({
  variant,
  small,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ComponentProps<"button"> & ButtonLook & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={look({ variant, small }, className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

export function ButtonLink({ variant, small, className, ...rest }: ComponentProps<"a"> & ButtonLook) {
  return <a {...rest} className={look({ variant, small }, className)} />;
}
