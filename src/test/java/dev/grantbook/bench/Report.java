package dev.grantbook.bench;

import static dev.grantbook.bench.Figure.CPU;
import static dev.grantbook.bench.Figure.FROM_MEMORY;
import static dev.grantbook.bench.Figure.LOG_LINES;
import static dev.grantbook.bench.Figure.MEMORY;
import static dev.grantbook.bench.Figure.P50;
import static dev.grantbook.bench.Figure.P95;
import static dev.grantbook.bench.Figure.P99;
import static dev.grantbook.bench.Figure.RATE;
import static dev.grantbook.bench.Figure.STATEMENTS;
import static dev.grantbook.bench.Table.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a run has shown, as tables in Markdown. */
final class Report {

    private static final List<Figure> MEASURED = List.of(RATE, P50, P95, P99, CPU, STATEMENTS, LOG_LINES, MEMORY);
    private static final List<Figure> COMPARED = List.of(RATE, P99, CPU);
    private static final List<Figure> WAITED = List.of(P50, P95, P99);

    /** One operation with few users and with many. */
    record Growth(Row few, Row many) {

        double ratio(Figure figure) {
            return many.ratio(figure, few);
        }
    }

    private Report() {}

    static String rows(List<Row> all) {
        var table = new Table(2, cells(titles(MEASURED), "what", "who", "best per second"));
        for (Row row : all) {
            table.row(cells(numbers(MEASURED, row), row.what(), row.who(), RATE.text(row.best())));
        }
        return table.toString();
    }

    /** Divides each row of a contestant by those of the others that did the same. */
    static String ratios(List<Row> all, String who) {
        var table = new Table(2, cells(titles(COMPARED), "what", who + " to"));
        for (Row ours : all) {
            for (Row theirs : all) {
                if (ours.who().equals(who)
                        && !theirs.who().equals(who)
                        && ours.what().equals(theirs.what())) {
                    table.row(cells(ratios(ours, theirs), ours.what(), theirs.who()));
                }
            }
        }
        return table.toString();
    }

    static String growth(List<Growth> all) {
        var table = new Table(3, cells(titles(COMPARED), "who", "what", "to", "from memory", "before"));
        for (Growth one : all) {
            table.row(cells(
                    ratios(one.many(), one.few()),
                    one.many().who(),
                    one.many().what(),
                    one.few().what(),
                    FROM_MEMORY.text(one.many().median(FROM_MEMORY)),
                    FROM_MEMORY.text(one.few().median(FROM_MEMORY))));
        }
        return table.toString();
    }

    /** Tells what one operation takes more than another. */
    static String difference(String title, Row more, Row less) {
        var table = new Table(1, cells(titles(WAITED), "what"));
        table.row(cells(WAITED.stream().map(figure -> figure.text(more.median(figure) - less.median(figure))), title));
        return table.toString();
    }

    static String lives(List<Life> all) {
        var table = new Table(
                1, List.of("who", "first start s", "second start s", "MiB when ready", "MiB after the look-ups"));
        for (Life life : all) {
            table.row(List.of(
                    life.who(),
                    number(life.first(), 1),
                    number(life.again(), 1),
                    number(life.ready(), 0),
                    number(life.loaded(), 0)));
        }
        return table.toString();
    }

    static String targets(List<Target> all) {
        var table = new Table(3, List.of("target", "wanted", "reached", "value"));
        for (Target target : all) {
            table.row(List.of(
                    target.what(), target.wish(), target.isReached() ? "yes" : "no", number(target.figure(), 2)));
        }
        return table.toString();
    }

    /** Which machine it ran on, and when. */
    static String machine() throws IOException {
        return String.format(
                Locale.ROOT,
                "%s: %s, %d processors, %s %s, Java %s",
                LocalDate.now(ZoneOffset.UTC),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version());
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        return !Files.exists(file)
                ? "unknown processor"
                : Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown processor");
    }

    private static Stream<String> titles(List<Figure> figures) {
        return figures.stream().map(figure -> figure.title);
    }

    private static Stream<String> numbers(List<Figure> figures, Row row) {
        return figures.stream().map(figure -> figure.text(row.median(figure)));
    }

    private static Stream<String> ratios(Row one, Row other) {
        return COMPARED.stream().map(figure -> number(one.ratio(figure, other), 2));
    }

    private static List<String> cells(Stream<String> numbers, String... first) {
        return Stream.concat(Stream.of(first), numbers).toList();
    }
}
