package dev.connectionregistry.admin.common;

/** Words of a command that the operator pastes. Pure. */
public final class ShellWord {
    private ShellWord() {}

    /** In quotes if a shell would make more of it than one word. */
    public static String of(Object value) {
        String text = String.valueOf(value);
        return text.matches("[\\w@%+=:,./\\[\\]-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
