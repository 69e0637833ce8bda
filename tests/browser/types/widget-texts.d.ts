/** The words of the chat, which the program makes of flows/<language>/chat.yaml. */
export const TEXTS: Record<string, Record<string, string>>;
/** What the owner has set. */
export const LOOKS: { accent: string | null; accentDark: string | null; greeting: string | null };
