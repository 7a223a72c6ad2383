package dev.connectionregistry.admin.common;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain values (maps, lists, strings, numbers, booleans) as JSON and back. Only Jackson's streaming part, which loads in
 * a tenth of the time of its data binding. What is written is ASCII, so that no locale can spoil it.
 */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private Json() {}

    /** On several lines, for documents. */
    public static String pretty(Object value) {
        return write(value, true);
    }

    /** On one line, for streams of documents. */
    public static String line(Object value) {
        return write(value, false);
    }

    private static String write(Object value, boolean pretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            if (pretty) {
                DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
                printer.indentArraysWith(com.fasterxml.jackson.core.util.DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
                generator.setPrettyPrinter(printer);
            }
            write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused to be written to", e);
        }
        return text.toString().replace("\u007f", "\\u007f"); // JSON needs no escape for it, a terminal does
    }

    /** Replaces unpaired surrogates, which UTF-8 can't encode and readers of JSON refuse. */
    private static String wellFormed(String text) {
        if (text.chars().noneMatch(each -> Character.isSurrogate((char) each))) {
            return text;
        }
        StringBuilder well = new StringBuilder(text.length());
        text.codePoints()
                .map(each -> Character.getType(each) == Character.SURROGATE ? '\ufffd' : each)
                .forEach(well::appendCodePoint);
        return well.toString();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                generator.writeFieldName(wellFormed(String.valueOf(entry.getKey())));
                write(generator, entry.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            generator.writeStartArray();
            for (Object each : list) {
                write(generator, each);
            }
            generator.writeEndArray();
        } else if (value instanceof Number number) {
            generator.writeNumber(number.toString());
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (value == null) {
            generator.writeNull();
        } else {
            generator.writeString(wellFormed(value.toString()));
        }
    }

    /**
     * Reads one JSON value.
     *
     * @throws InvalidSettingsException if {@code text} isn't exactly one; says where, but repeats nothing of it
     */
    public static Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new InvalidSettingsException("there is no JSON in it");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new InvalidSettingsException("there is something after the JSON document, at " + place(parser));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new InvalidSettingsException(
                    "it is not JSON: look at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused to be read", e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default ->
                throw new InvalidSettingsException("null is not allowed, leave the attribute out; at " + place(parser));
        };
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return map;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return list;
    }

    private static String place(JsonParser parser) {
        return "line " + parser.currentTokenLocation().getLineNr() + ", column "
                + parser.currentTokenLocation().getColumnNr();
    }
}
