package dev.connectionregistry.admin.output;

/** What a piece of text means; decides its colour where there are colours. */
public enum Tone {
    /** Ordinary. */
    PLAIN(""),
    /** A headline. */
    BOLD("1"),
    /** As it should be. */
    GOOD("32"),
    /** On its way, or worth a look. */
    WARN("33"),
    /** Wrong. */
    BAD("31"),
    /** Of little weight. */
    FAINT("2");

    private final String code;

    Tone(String code) {
        this.code = code;
    }

    /** {@code text} in this tone, with the colours' escape sequences if {@code colored}. */
    public String paint(String text, boolean colored) {
        return colored && !code.isEmpty() && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
