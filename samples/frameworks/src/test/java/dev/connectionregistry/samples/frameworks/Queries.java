package dev.connectionregistry.samples.frameworks;

import javax.sql.DataSource;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** Libraries that write and read rows in the caller's thread; each piece of work is a transaction with two statements. */
enum Queries {
    JOOQ {
        @Override
        Writer on(DataSource dataSource) {
            var dsl = DSL.using(dataSource, SQLDialect.POSTGRES);
            var work = DSL.table("work");
            var column = DSL.field("id", String.class);
            return id -> dsl.transaction(transaction -> {
                transaction.dsl().insertInto(work, column).values(id).execute();
                requireOne(transaction.dsl().fetchCount(work, column.eq(id)));
            });
        }
    },
    JDBI {
        @Override
        Writer on(DataSource dataSource) {
            Jdbi jdbi = Jdbi.create(dataSource);
            return id -> jdbi.useTransaction(handle -> {
                handle.createUpdate("INSERT INTO work (id) VALUES (:id)")
                        .bind("id", id)
                        .execute();
                requireOne(handle.createQuery("SELECT count(*) FROM work WHERE id = :id")
                        .bind("id", id)
                        .mapTo(Integer.class)
                        .one());
            });
        }
    },
    MYBATIS {
        @Override
        Writer on(DataSource dataSource) {
            Configuration configuration =
                    new Configuration(new Environment("test", new JdbcTransactionFactory(), dataSource));
            configuration.addMapper(WorkMapper.class);
            SqlSessionFactory sessions = new SqlSessionFactoryBuilder().build(configuration);
            return id -> {
                try (SqlSession session = sessions.openSession()) {
                    WorkMapper mapper = session.getMapper(WorkMapper.class);
                    mapper.insert(id);
                    requireOne(mapper.count(id));
                    session.commit();
                }
            };
        }
    };

    /** Writes a row. */
    @FunctionalInterface
    interface Writer {
        void write(String id) throws Exception;
    }

    /** MyBatis' mapper. */
    interface WorkMapper {
        @Insert("INSERT INTO work (id) VALUES (#{id})")
        void insert(String id);

        @org.apache.ibatis.annotations.Select("SELECT count(*) FROM work WHERE id = #{id}")
        int count(String id);
    }

    abstract Writer on(DataSource dataSource);

    private static void requireOne(int rows) {
        if (rows != 1) {
            throw new IllegalStateException(rows + " rows");
        }
    }

    Framework framework(DataSource dataSource) {
        Writer writer = on(dataSource);
        return new Framework(name(), 1) {
            @Override
            void give(String id) throws Exception {
                writer.write(id);
                done();
            }
        };
    }
}
