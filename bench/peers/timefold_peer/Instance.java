package peers;

import java.io.IOException;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The instance as peers/timefold.py writes it: whole numbers in a fixed order. */
public final class Instance {
    /** The instance being solved: constraint streams are built without arguments, so they look here. */
    public static Instance current;

    public final int days;
    public final int firstWeekday;
    public final int weeks;
    public final int types;
    private final int metresPerMinute;
    private final int unitMetres;
    /** Weights and tiers of S20, S23, S30, S31, S32 and the tiers of S10, S22, S24. */
    public final Map<String, Long> weights = new HashMap<>();

    public final Map<String, Integer> tiers = new HashMap<>();
    public final boolean restOn;
    public final boolean overlapOn;
    private final boolean[][] forbidden;
    private final int[][] places;
    public final List<Person> people = new ArrayList<>();
    private final Map<Integer, Integer> before = new HashMap<>();
    public final List<Need> needs = new ArrayList<>();
    public final List<Want> wants = new ArrayList<>();
    public final List<Apart> apart = new ArrayList<>();
    public final List<Seat> seats = new ArrayList<>();

    private final StreamTokenizer tokens;

    public Instance(Path path) throws IOException {
        try (Reader reader = Files.newBufferedReader(path)) {
            tokens = new StreamTokenizer(reader);
            days = next();
            firstWeekday = next();
            weeks = (firstWeekday + days - 1) / 7 + 1;
            metresPerMinute = next();
            unitMetres = next();
            overlapOn = next() == 1;
            restOn = next() == 1;
            for (String code : List.of("S10", "S20", "S22", "S23", "S24", "S30", "S31", "S32")) {
                tiers.put(code, next());
                weights.put(code, (long) next());
            }
            types = next();
            forbidden = new boolean[types][types];
            for (int type = 0; type < types; type++) {
                for (int count = next(); count > 0; count--) {
                    forbidden[type][next()] = true;
                }
            }
            int placeCount = next();
            places = new int[placeCount][3];
            for (int[] place : places) {
                for (int part = 0; part < 3; part++) {
                    place[part] = next();
                }
            }
            for (int count = next(); count > 0; count--) {
                people.add(readPerson(people.size()));
            }
            for (int count = next(); count > 0; count--) {
                needs.add(readNeed(needs.size()));
            }
            for (int count = next(); count > 0; count--) {
                Person person = people.get(next());
                long cost = next();
                Set<Need> wanted = new HashSet<>();
                for (int inner = next(); inner > 0; inner--) {
                    wanted.add(needs.get(next()));
                }
                wants.add(new Want(person, cost, wanted));
            }
            for (int count = next(); count > 0; count--) {
                apart.add(new Apart(people.get(next()), people.get(next())));
            }
            Map<Need, List<Person>> pins = new HashMap<>();
            for (int count = next(); count > 0; count--) {
                Person person = people.get(next());
                pins.computeIfAbsent(needs.get(next()), need -> new ArrayList<>()).add(person);
            }
            makeSeats(pins);
        }
    }

    private int next() throws IOException {
        if (tokens.nextToken() != StreamTokenizer.TT_NUMBER) {
            throw new IOException("a number is missing near line " + tokens.lineno());
        }
        return (int) tokens.nval;
    }

    private Person readPerson(int index) throws IOException {
        Person person = new Person(index);
        person.group = next();
        person.trainee = next() == 1;
        person.newcomer = next() == 1;
        person.staff = next() == 1;
        person.minRest = next();
        person.maxMinutesDay = next();
        person.maxDutiesDay = next();
        person.maxMinutesWeek = next();
        person.maxDutiesWeek = next();
        person.maxMinutesFourWeeks = next();
        person.minMinutesHorizon = next();
        person.maxMinutesHorizon = next();
        person.maxDaysOn = next();
        person.minDaysOn = next();
        person.minDaysOff = next();
        person.maxWeekendsFourWeeks = next();
        person.maxWeekendsHorizon = next();
        for (int week = 0; week < 3; week++) {
            person.minutesBefore[week] = next();
        }
        for (int week = 0; week < 3; week++) {
            person.weekendsBefore[week] = next();
        }
        person.daysOnBefore = next();
        person.daysOffBefore = next();
        person.historyKnown = next() == 1;
        person.unsocialBefore = next();
        before.merge(person.group, Math.max(0, person.unsocialBefore), Math::max);
        person.minMinutesWeek = next();
        person.hostMinutesWeek = next();
        int limits = next();
        if (limits > 0) {
            person.maxOfType = new HashMap<>();
        }
        for (; limits > 0; limits--) {
            int type = next();
            person.maxOfType.put(type, next());
        }
        return person;
    }

    private Need readNeed(int index) throws IOException {
        Need need = new Need(index);
        need.place = next();
        need.start = next();
        need.end = next();
        need.day = need.start / 1440;
        need.week = (firstWeekday + need.day) / 7;
        need.minimum = next();
        need.target = next();
        need.maximum = next();
        need.weightUncovered = next();
        need.weightBelow = next();
        need.weightAbove = next();
        need.type = next();
        need.mix = next() == 1;
        need.unsocial = next() == 1;
        need.eligible = new ArrayList<>();
        need.costs = new HashMap<>();
        for (int count = next(); count > 0; count--) {
            Person person = people.get(next());
            need.eligible.add(person);
            need.costs.put(person, new long[] {next(), next(), next(), next()});
        }
        return need;
    }

    /** As many seats as the post holds; minimum heads first and scarce posts first, for the first fit. */
    private void makeSeats(Map<Need, List<Person>> pins) {
        record Plan(int round, int scarcity, Need need, Person pinned) {}
        List<Plan> plans = new ArrayList<>();
        for (Need need : needs) {
            List<Person> pinned = pins.getOrDefault(need, List.of());
            int count = Math.max(pinned.size(), Math.min(need.maximum, need.eligible.size()));
            for (int number = 0; number < count; number++) {
                int round = number < need.minimum ? 0 : number < need.target ? 1 : 2;
                Person own = number < pinned.size() ? pinned.get(number) : null;
                plans.add(new Plan(own != null ? -1 : round, need.eligible.size(), need, own));
            }
        }
        plans.sort((one, other) -> one.round != other.round
                ? Integer.compare(one.round, other.round)
                : Integer.compare(one.scarcity, other.scarcity));
        for (Plan plan : plans) {
            seats.add(new Seat(seats.size(), plan.need, plan.pinned));
        }
    }

    /** S31: the largest ledger of a group, at least 0. */
    public int before(int group) {
        return before.getOrDefault(group, 0);
    }

    private int metres(int one, int other) {
        int[] from = places[one];
        int[] to = places[other];
        return one == other || from[0] == 0 || to[0] == 0 ? 0 : (int) Math.hypot(from[1] - to[1], from[2] - to[2]);
    }

    /** Whole units of the way between two places (S32). */
    public int units(int one, int other) {
        return metres(one, other) / unitMetres;
    }

    /** H01 and H06: whether the person cannot serve both needs. */
    public boolean clash(Person person, Need one, Need other) {
        if (one == other) {
            return true;
        }
        if (one.start > other.start) {
            return clash(person, other, one);
        }
        int gap = other.start - one.end;
        if (overlapOn) {
            int metres = metres(one.place, other.place);
            if (gap < 0 || gap < (metres + metresPerMinute - 1) / metresPerMinute) {
                return true;
            }
        }
        if (restOn && one.day != other.day) {
            if (gap < person.minRest) {
                return true;
            }
            return other.day == one.day + 1 && one.type >= 0 && other.type >= 0 && forbidden[one.type][other.type];
        }
        return false;
    }
}
