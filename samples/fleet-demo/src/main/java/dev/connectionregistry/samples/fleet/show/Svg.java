package dev.connectionregistry.samples.fleet.show;

import java.util.Locale;

/** Elements of SVG as text. Classes give them their colours, so that light and dark are a matter of the style sheet. */
final class Svg {
    private Svg() {}

    static String line(String cssClass, double x1, double y1, double x2, double y2) {
        return format("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", cssClass, x1, y1, x2, y2);
    }

    static String text(String cssClass, double x, double y, String text) {
        return format("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", cssClass, x, y, escape(text));
    }

    static String rectangle(String cssClass, double x, double y, double width, double height, String hint) {
        return format(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s</title></rect>",
                cssClass, x, y, Math.max(0, width), Math.max(0, height), escape(hint));
    }

    static String path(String cssClass, CharSequence data) {
        return "<path class=\"" + cssClass + "\" d=\"" + data + "\"/>";
    }

    static String point(char command, double x, double y) {
        return format("%c%.1f %.1f", command, x, y);
    }

    static String drawing(String label, double width, double height, String content) {
        return format(
                "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %.0f %.0f\" xmlns=\"http://www.w3.org/2000/svg\">%s</svg>",
                escape(label), width, height, content);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
