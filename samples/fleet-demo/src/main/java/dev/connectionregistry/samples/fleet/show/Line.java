package dev.connectionregistry.samples.fleet.show;

import java.util.ArrayList;
import java.util.List;

/** One line of styled text that can be cut to a width. Not thread-safe. */
public final class Line {
    private record Piece(String text, Style style) {}

    private final List<Piece> pieces = new ArrayList<>();

    /** A line that begins with unstyled text. */
    public static Line of(String text) {
        return new Line().add(text, Style.PLAIN);
    }

    /** Adds text. */
    public Line add(String text, Style style) {
        pieces.add(new Piece(text, style));
        return this;
    }

    /** Adds unstyled text. */
    public Line add(String text) {
        return add(text, Style.PLAIN);
    }

    /** The text, at most {@code width} characters of it. */
    public String render(int width, boolean colours) {
        StringBuilder rendered = new StringBuilder();
        int room = width;
        for (Piece piece : pieces) {
            String text = piece.text().substring(0, Math.min(room, piece.text().length()));
            room -= text.length();
            rendered.append(piece.style().on(text, colours));
        }
        return rendered.toString();
    }
}
