package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionSqlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1 | NOTHING",
                "'' | NOTHING",
                "INSERT INTO t VALUES ('SET x = 1') | NOTHING",
                "SET search_path = a | SETTING",
                "'  /* why */ ; set TIME ZONE 1 ' | SETTING",
                "SET SESSION AUTHORIZATION app | SETTING",
                "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY | SETTING",
                "SET LOCAL work_mem = '1MB' | NOTHING",
                "SET TRANSACTION READ ONLY | NOTHING",
                "set constraints all deferred | NOTHING",
                "RESET search_path | SETTING",
                "RESET ALL; | RESET",
                "DISCARD ALL | UNBINDING",
                "DISCARD PLANS | NOTHING",
                "SELECT set_config('app.tenant', ?, false) | SETTING",
                "SELECT pg_advisory_lock(1) | BINDING",
                "select pg_catalog.pg_try_advisory_lock_shared(1) | BINDING",
                "SELECT pg_advisory_xact_lock(1) | NOTHING",
                "SELECT pg_advisory_unlock(1) | NOTHING",
                "LISTEN news | BINDING",
                "PREPARE p AS SELECT 1 | BINDING",
                "PREPARE TRANSACTION 'x' | NOTHING",
                "CREATE TEMPORARY TABLE t (i int) | BINDING",
                "create local temp table t (i int) | BINDING",
                "SELECT * INTO TEMP t FROM u | BINDING",
                "CREATE TABLE temp (i int) | NOTHING",
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1 | BINDING",
                "DECLARE c CURSOR FOR SELECT 1 | NOTHING",
                "ROLLBACK | ROLLBACK",
                "ROLLBACK TO SAVEPOINT s | NOTHING"
            })
    void readsWhatOutlivesTheTransaction(String sql, SessionSql expected) {
        assertThat(SessionSql.of(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET search_path = a, b | SEARCH_PATH",
                "set session app.tenant TO '7' | APP.TENANT",
                "SET TIME ZONE 'UTC' | TIME",
                "RESET search_path; | SEARCH_PATH",
                "SET a.x = 1; SELECT 1 | A.X",
                "SET a.x = 1; SET a.y = 2 | SET a.x = 1; SET a.y = 2",
                "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY | SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                "SELECT set_config('app.tenant', ?, false) | APP.TENANT",
                "SELECT set_config(?, ?, false) | ?"
            })
    void knowsWhatALaterSettingTakesThePlaceOf(String sql, String expected) {
        assertThat(SessionSql.parameter(sql)).isEqualTo(expected);
    }
}
