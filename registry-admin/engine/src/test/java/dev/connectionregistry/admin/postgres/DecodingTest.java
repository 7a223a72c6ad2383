package dev.connectionregistry.admin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodingTest {
    @ParameterizedTest
    @CsvSource({
        // wal_level, effective_wal_level (from 19 on), possible
        "logical, , true",
        "replica, , false",
        "minimal, , false",
        "replica, replica, true",
        "replica, logical, true",
        "logical, logical, true",
        "minimal, minimal, false",
    })
    void asksTheServerWhatItHas(String level, String effective, boolean possible) {
        Map<String, String> settings = new HashMap<>(Map.of("wal_level", level));
        if (effective != null) {
            settings.put("effective_wal_level", effective);
        }
        assertThat(Decoding.isPossible(settings)).isEqualTo(possible);
        assertThat(Decoding.words(settings)).contains("wal_level is " + level);
    }
}
