/** The words of the desk, which the program makes of flows/<language>/desk.yaml. */
export const TEXTS: Record<string, Record<string, string>>;
export const PROVIDER: string | null;
