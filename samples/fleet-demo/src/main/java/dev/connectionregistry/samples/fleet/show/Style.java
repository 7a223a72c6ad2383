package dev.connectionregistry.samples.fleet.show;

/** How a piece of text looks on a terminal that may be coloured. Every colour goes with a word, so none is needed. */
public enum Style {
    /** As it is. */
    PLAIN(""),
    /** Less important. */
    DIM("2"),
    /** More important. */
    BOLD("1"),
    /** The source. */
    SOURCE("33"),
    /** The target. */
    TARGET("36"),
    /** Good news. */
    GOOD("1;32"),
    /** Bad news. */
    BAD("1;31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text, boolean colours) {
        return colours && !code.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
