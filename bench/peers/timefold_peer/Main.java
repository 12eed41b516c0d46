package peers;

import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** Arguments: instance file, roster file, milliseconds, seed. Prints the score's levels. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Instance instance = new Instance(Path.of(arguments[0]));
        Instance.current = instance;
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Roster.class)
                .withEntityClasses(Seat.class)
                .withConstraintProviderClass(Rules.class)
                .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
                .withRandomSeed(Long.parseLong(arguments[3]))
                .withTerminationSpentLimit(Duration.ofMillis(Long.parseLong(arguments[2])));
        Roster start =
                new Roster(instance.people, instance.needs, instance.wants, instance.apart, instance.seats);
        Roster best = SolverFactory.<Roster>create(config).buildSolver().solve(start);
        try (PrintWriter out =
                new PrintWriter(Files.newBufferedWriter(Path.of(arguments[1]), StandardCharsets.UTF_8))) {
            for (Seat seat : best.getSeats()) {
                if (seat.getPerson() != null) {
                    out.println(seat.getPerson().index + " " + seat.getNeed().index);
                }
            }
        }
        BendableLongScore score = best.getScore();
        System.out.println("hard: " + -score.hardScore(0));
        for (int level = 0; level < 3; level++) {
            System.out.println("soft: " + -score.softScore(level));
        }
    }
}
