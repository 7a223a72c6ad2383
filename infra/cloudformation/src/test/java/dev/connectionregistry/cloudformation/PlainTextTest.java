package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Records print what they have, so none has a password as text: that is what {@code Secret} is for, which prints stars. */
class PlainTextTest {
    private static final String SUSPICIOUS = "(?i).*(password|secret|token|credential|accesskey).*";

    /** Texts of records that are called so and open nothing. */
    private static final Set<String> HARMLESS = Set.of("CutoverLock.token");

    @Test
    void noRecordHasAPasswordAsText() {
        Set<String> found = ClientMethods.code().stream()
                .filter(JavaClass::isRecord)
                .flatMap(each -> each.getFields().stream())
                .filter(each -> !each.getModifiers().contains(JavaModifier.STATIC))
                .filter(each -> each.getName().matches(SUSPICIOUS))
                .filter(PlainTextTest::isText)
                .map(each -> each.getOwner().getSimpleName() + "." + each.getName())
                .collect(Collectors.toSet());
        assertThat(found).isEqualTo(HARMLESS);
    }

    private static boolean isText(JavaField field) {
        return field.getType().getAllInvolvedRawTypes().stream()
                .anyMatch(each -> each.isAssignableTo(CharSequence.class) || each.isEquivalentTo(char[].class));
    }
}
