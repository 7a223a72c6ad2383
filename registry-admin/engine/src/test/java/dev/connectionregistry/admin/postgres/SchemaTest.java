package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.postgres.PostgresServers;
import dev.connectionregistry.admin.server.SchemaDifference;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
    private static final String[] RICH = {
        "CREATE SCHEMA \"Sales Dept\"",
        "CREATE TYPE \"Sales Dept\".mood AS ENUM ('sad', 'it''s ok', 'happy')",
        "CREATE DOMAIN public.percent AS numeric(5,2) DEFAULT 0 NOT NULL CHECK (VALUE BETWEEN 0 AND 100)",
        "CREATE TYPE public.pair AS (a integer, b text COLLATE \"C\")",
        "CREATE TYPE public.span AS RANGE (subtype = integer)",
        """
        CREATE TABLE public.customers (
          id integer GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT BY 2) PRIMARY KEY,
          name varchar(40) NOT NULL DEFAULT 'nobody'::text CHECK (trim(name) <> ''),
          share public.percent,
          feeling "Sales Dept".mood DEFAULT 'happy',
          born date CHECK (extract(year FROM born) > 1900),
          made timestamp DEFAULT (now() AT TIME ZONE 'utc'),
          tags text[] DEFAULT '{}',
          doc jsonb,
          code text COLLATE "C" UNIQUE DEFAULT substring('abc' FROM 1 FOR 2),
          kept timestamptz(3) DEFAULT now(),
          CONSTRAINT pos CHECK (position('x' IN name) = 0),
          EXCLUDE USING gist (int4range(id, id + 1) WITH &&)
        )
        """,
        "ALTER TABLE public.customers DROP COLUMN doc",
        """
        CREATE TABLE "Sales Dept"."Big Orders" (
          id bigserial,
          region text NOT NULL,
          customer integer,
          total numeric DEFAULT -1,
          primary key (id, region),
          CONSTRAINT who FOREIGN KEY (customer) REFERENCES public.customers ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED
        ) PARTITION BY LIST (region)
        """,
        "CREATE TABLE \"Sales Dept\".eu PARTITION OF \"Sales Dept\".\"Big Orders\" FOR VALUES IN ('eu', 'uk')",
        "CREATE TABLE \"Sales Dept\".rest PARTITION OF \"Sales Dept\".\"Big Orders\" DEFAULT",
        """
        CREATE INDEX partial ON "Sales Dept"."Big Orders" (lower(region) DESC NULLS LAST) INCLUDE (total)
        WHERE total > 0
        """,
        "CREATE INDEX CONCURRENTLY by_tags ON public.customers USING gin (tags)",
        "CREATE TABLE public.parent (a integer NOT NULL)",
        "CREATE TABLE public.child (b integer) INHERITS (public.parent)",
        "CREATE UNLOGGED TABLE public.scratch (x integer)",
        "CREATE VIEW public.people AS SELECT c.id, c.name FROM public.customers c WHERE c.id > 3",
        "CREATE MATERIALIZED VIEW public.summary AS SELECT count(*) AS n FROM public.customers",
        "CREATE UNIQUE INDEX ON public.summary (n)",
        """
        CREATE FUNCTION public.touch(why text DEFAULT 'none') RETURNS integer
        LANGUAGE sql IMMUTABLE STRICT AS 'SELECT 1'
        """,
        "CREATE FUNCTION public.on_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        """
        CREATE TRIGGER changed BEFORE UPDATE OF name ON public.customers
        FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name)
        EXECUTE PROCEDURE public.on_change()
        """,
        """
        CREATE TRIGGER big AFTER INSERT ON "Sales Dept"."Big Orders"
        FOR EACH ROW EXECUTE PROCEDURE public.on_change()
        """,
        "CREATE PROCEDURE public.work(n integer) LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON public.customers FOR UPDATE USING (name = current_user) WITH CHECK (id > 0)",
        "CREATE SEQUENCE \"Sales Dept\".\"Ünsäglich\" AS smallint START 100 INCREMENT -3 MINVALUE -9 MAXVALUE 100 CYCLE",
        "CREATE EXTENSION hstore",
        "CREATE TABLE public.with_extension (h hstore)",
    };

    @ParameterizedTest
    @CsvSource({"11,18", "17,18", "11,17"})
    void isEqualForTheSameStatementsOnAnyTwoVersionsAndNamesEveryDifference(int sourceMajor, int targetMajor)
            throws Exception {
        TestDatabase one = TestDatabase.on(sourceMajor);
        TestDatabase two = TestDatabase.on(targetMajor);
        one.execute(RICH);
        two.execute(RICH);
        one.execute("CREATE PUBLICATION everything FOR ALL TABLES", "ALTER TABLE public.parent REPLICA IDENTITY FULL");
        one.execute(
                "CREATE SCHEMA bucardo",
                "CREATE TABLE bucardo.delta_public_parent (a integer, txntime timestamptz)",
                "CREATE FUNCTION bucardo.delta_public_parent() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                """
                CREATE TRIGGER bucardo_delta AFTER INSERT OR DELETE OR UPDATE ON public.parent
                FOR EACH ROW EXECUTE PROCEDURE bucardo.delta_public_parent()
                """);
        try (SourceServer source = one.open("run-1");
                TargetServer target =
                        PostgresServers.target(two.login(two.admin), "run-1").open(BOUND)) {
            assertThat(target.schemaLines(BOUND)).isEqualTo(source.schemaLines(BOUND));
            for (Change change : CHANGES) {
                two.execute(change.done());
                assertThat(target.schemaLines(BOUND)).as(change.done()).isNotEqualTo(source.schemaLines(BOUND));
                assertThat(SchemaDifference.between(source.schemaLines(BOUND), target.schemaLines(BOUND), 2))
                        .as(change.done())
                        .anyMatch(line -> line.contains(change.named()));
                two.execute(change.undone());
                assertThat(target.schemaLines(BOUND)).as(change.undone()).isEqualTo(source.schemaLines(BOUND));
            }
        }
    }

    private record Change(String done, String undone, String named) {}

    private static final List<Change> CHANGES = List.of(
            new Change(
                    "ALTER TABLE public.child ALTER b TYPE bigint",
                    "ALTER TABLE public.child ALTER b TYPE integer",
                    "only on the target: column public.child 2 b bigint"),
            new Change(
                    "ALTER TABLE public.customers ALTER tags SET DEFAULT '{x}'",
                    "ALTER TABLE public.customers ALTER tags SET DEFAULT '{}'",
                    "tags"),
            new Change(
                    "DROP INDEX public.by_tags",
                    "CREATE INDEX by_tags ON public.customers USING gin (tags)",
                    "by_tags"),
            new Change(
                    "ALTER TABLE public.child ALTER b SET NOT NULL",
                    "ALTER TABLE public.child ALTER b DROP NOT NULL",
                    "not null"),
            new Change(
                    "ALTER TABLE public.customers DISABLE TRIGGER changed",
                    "ALTER TABLE public.customers ENABLE TRIGGER changed",
                    "changed"),
            new Change(
                    "ALTER TABLE public.child RENAME b TO c",
                    "ALTER TABLE public.child RENAME c TO b",
                    "public.child 2 c"),
            new Change(
                    "ALTER TYPE \"Sales Dept\".mood RENAME VALUE 'sad' TO 'blue'",
                    "ALTER TYPE \"Sales Dept\".mood RENAME VALUE 'blue' TO 'sad'",
                    "blue"),
            new Change(
                    "ALTER DOMAIN public.percent SET DEFAULT 1",
                    "ALTER DOMAIN public.percent SET DEFAULT 0",
                    "percent"),
            new Change(
                    "ALTER DOMAIN public.percent ADD CONSTRAINT odd CHECK (VALUE <> 2)",
                    "ALTER DOMAIN public.percent DROP CONSTRAINT odd",
                    "odd"),
            new Change(
                    "ALTER FUNCTION public.touch(text) VOLATILE",
                    "ALTER FUNCTION public.touch(text) IMMUTABLE",
                    "touch"),
            new Change(
                    "ALTER POLICY mine ON public.customers USING (name = session_user)",
                    "ALTER POLICY mine ON public.customers USING (name = current_user)",
                    "mine"),
            new Change(
                    "ALTER TABLE public.child NO INHERIT public.parent",
                    "ALTER TABLE public.child INHERIT public.parent",
                    "inherits public.child"),
            new Change(
                    "ALTER TABLE \"Sales Dept\".\"Big Orders\" DETACH PARTITION \"Sales Dept\".eu",
                    "ALTER TABLE \"Sales Dept\".\"Big Orders\" ATTACH PARTITION \"Sales Dept\".eu FOR VALUES IN ('eu', 'uk')",
                    "eu"),
            new Change(
                    "ALTER EXTENSION hstore ADD FUNCTION public.on_change()",
                    "ALTER EXTENSION hstore DROP FUNCTION public.on_change()",
                    "on_change"),
            new Change(
                    "ALTER SCHEMA \"Sales Dept\" RENAME TO sales",
                    "ALTER SCHEMA sales RENAME TO \"Sales Dept\"",
                    "sales."),
            new Change(
                    "CREATE RULE none AS ON INSERT TO public.people DO INSTEAD NOTHING",
                    "DROP RULE none ON public.people",
                    "none"),
            new Change(
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.by_tags'::regclass",
                    "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'public.by_tags'::regclass",
                    "invalid"),
            new Change(
                    "ALTER SEQUENCE \"Sales Dept\".\"Ünsäglich\" NO CYCLE",
                    "ALTER SEQUENCE \"Sales Dept\".\"Ünsäglich\" CYCLE",
                    "Ünsäglich"));
}
