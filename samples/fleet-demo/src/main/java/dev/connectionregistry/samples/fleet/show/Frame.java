package dev.connectionregistry.samples.fleet.show;

/** The measures that all drawings share, so that they stand below one another; in units of the drawing. */
final class Frame {
    static final double WIDTH = 1000;
    static final double LEFT = 84;
    static final double RIGHT = WIDTH - 12;
    static final double TOP = 26;
    static final double LANE = 22;

    /** From the lower edge of what is drawn to that of the drawing: room for the axis's labels. */
    static final double BELOW = 24;

    private Frame() {}

    /** A line across, with its value at the left. */
    static String horizontal(double y, String label) {
        return Svg.line("grid", LEFT, y, RIGHT, y) + Svg.text("tick end", LEFT - 8, y + 4, label);
    }

    /** The name of a lane whose upper edge is at {@code y}. */
    static String laneName(double y, String name) {
        return Svg.text("tick end", LEFT - 8, y + 15, name);
    }

    /** A bar in that lane. */
    static String bar(String cssClass, double from, double to, double y, String hint) {
        return Svg.rectangle(cssClass, from, y + 4, to - from, LANE - 8, hint);
    }
}
