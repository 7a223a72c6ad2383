package dev.connectionregistry.core.internal.secrets.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.SecretRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the password from a secret's text: the whole text, or a field if it is a JSON object, which is what RDS
 * stores. Pure. No message contains the secret's content or the names of its fields.
 *
 * @param reference what was asked for, for messages
 * @param name the secret's name or ARN
 * @param key the field; empty for the whole text
 */
record SecretContent(SecretRef reference, String name, Optional<String> key) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static SecretContent of(SecretRef reference) {
        String locator = reference.locator();
        int hash = locator.indexOf('#');
        return hash < 0
                ? new SecretContent(reference, locator, Optional.empty())
                : new SecretContent(reference, locator.substring(0, hash), Optional.of(locator.substring(hash + 1)));
    }

    /**
     * The password.
     *
     * @param text the secret; null if it is binary
     */
    Secret password(@Nullable String text) throws SecretException {
        if (text == null) {
            throw problem("is binary; store the password as text");
        }
        JsonNode object = objectIn(text);
        if (key.isEmpty()) {
            if (object != null) {
                throw problem("is a JSON object; say which field is the password, as in '" + reference + "#password'");
            }
            return checked(text, "is empty");
        }
        if (object == null) {
            throw problem("is not a JSON object; leave out '#" + key.get() + "' if the text itself is the password");
        }
        JsonNode field = object.get(key.get());
        if (field == null || field.isNull()) {
            throw problem("has no field '" + key.get() + "'; RDS calls it 'password'");
        }
        if (!field.isTextual()) {
            throw problem("does not have a text in field '" + key.get() + "'; write it in quotes");
        }
        return checked(field.asText(), "has an empty field '" + key.get() + "'");
    }

    /** Jackson's own messages repeat parts of the text, so they are dropped. */
    private static @Nullable JsonNode objectIn(String text) {
        try {
            JsonNode parsed = JSON.readTree(text);
            return parsed != null && parsed.isObject() ? parsed : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private Secret checked(String password, String otherwise) throws SecretException {
        if (password.isEmpty()) {
            throw problem(otherwise);
        }
        return new Secret(password);
    }

    private SecretException problem(String what) {
        return new SecretException("secret '" + name + "' in Secrets Manager " + what, null);
    }
}
