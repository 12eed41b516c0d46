package peers;

import java.util.Collection;

/** What one person does, kept up to date duty by duty. */
public final class PersonLoad {
    private final int[] minutes;
    private final int[] duties;
    private final int[] hostMinutes;
    private final int[] ofType;
    private Person person;

    public PersonLoad(Instance instance) {
        minutes = new int[instance.days];
        duties = new int[instance.days];
        hostMinutes = new int[instance.weeks];
        ofType = new int[instance.types];
    }

    /** A person without duties. */
    public static PersonLoad none(Person person) {
        PersonLoad load = new PersonLoad(Instance.current);
        load.person = person;
        return load;
    }

    public void add(Seat seat) {
        person = seat.getPerson();
        change(seat.getNeed(), 1);
    }

    /** Takes a duty away again; by now the seat may hold somebody else. */
    public void remove(Seat seat) {
        change(seat.getNeed(), -1);
    }

    private void change(Need need, int sign) {
        minutes[need.day] += sign * need.minutes();
        duties[need.day] += sign;
        if (person.hostMinutesWeek > 0 && need.atHost(person)) {
            hostMinutes[need.week] += sign * need.minutes();
        }
        if (need.type >= 0) {
            ofType[need.type] += sign;
        }
    }

    private static long over(int value, int limit) {
        return limit >= 0 && value > limit ? value - limit : 0;
    }

    /** H04, H05, H07, H08, H09: how far limits are exceeded; minutes count as started hours. */
    public long broken() {
        Instance instance = Instance.current;
        long broken = 0;
        int[] weekMinutes = new int[instance.weeks];
        int[] weekDuties = new int[instance.weeks];
        boolean[] weekend = new boolean[instance.weeks];
        int total = 0;
        for (int day = 0; day < instance.days; day++) {
            broken += (over(minutes[day], person.maxMinutesDay) + 59) / 60 + over(duties[day], person.maxDutiesDay);
            int week = (instance.firstWeekday + day) / 7;
            weekMinutes[week] += minutes[day];
            weekDuties[week] += duties[day];
            total += minutes[day];
            weekend[week] |= duties[day] > 0 && (instance.firstWeekday + day) % 7 >= 5;
        }
        int weekends = 0;
        for (int week = 0; week < instance.weeks; week++) {
            broken += (over(weekMinutes[week], person.maxMinutesWeek) + 59) / 60;
            broken += over(weekDuties[week], person.maxDutiesWeek);
            int four = 0;
            int fourWeekends = 0;
            for (int at = week - 3; at <= week; at++) {
                four += at < 0 ? person.minutesBefore[at + 3] : weekMinutes[at];
                fourWeekends += at < 0 ? person.weekendsBefore[at + 3] : weekend[at] ? 1 : 0;
            }
            if (weekMinutes[week] > 0) {
                broken += (over(four, person.maxMinutesFourWeeks) + 59) / 60;
            }
            if (weekend[week]) {
                broken += over(fourWeekends, person.maxWeekendsFourWeeks);
                weekends++;
            }
        }
        broken += over(weekends, person.maxWeekendsHorizon);
        broken += (over(total, person.maxMinutesHorizon) + 59) / 60;
        broken += Math.max(0, (person.minMinutesHorizon - total + 59) / 60);
        for (var limit : person.maxOfType.entrySet()) {
            broken += over(ofType[limit.getKey()], limit.getValue());
        }
        return broken + brokenRuns(instance);
    }

    private long brokenRuns(Instance instance) {
        long broken = 0;
        boolean working = person.daysOnBefore > 0;
        int length = working ? person.daysOnBefore : person.daysOffBefore;
        boolean known = person.historyKnown;
        for (int day = 0; day < instance.days; day++) {
            boolean now = duties[day] > 0;
            if (now != working) {
                int least = working ? person.minDaysOn : person.minDaysOff;
                if (known && length > 0 && length < least) {
                    broken += least - length;
                }
                // A run that touches an unknown history has an unknown beginning, whatever its kind.
                known = known || day > 0;
                working = now;
                length = 0;
            }
            length++;
            if (working && person.maxDaysOn >= 0 && length > person.maxDaysOn) {
                broken++;
            }
        }
        return broken;
    }

    /** S20: minutes short of the weekly minimum, in all and at the host; cut weeks count in proportion. */
    public long minutesShort() {
        Instance instance = Instance.current;
        long missing = 0;
        for (int week = 0; week < instance.weeks; week++) {
            int worked = 0;
            int length = 0;
            for (int day = Math.max(0, week * 7 - instance.firstWeekday);
                    day < Math.min(instance.days, week * 7 + 7 - instance.firstWeekday);
                    day++) {
                worked += minutes[day];
                length++;
            }
            missing += Math.max(0, person.minMinutesWeek * length / 7 - worked);
            missing += Math.max(0, person.hostMinutesWeek * length / 7 - hostMinutes[week]);
        }
        return missing;
    }

    /** S32: units between consecutive duties of one day's seats. */
    public static long units(Collection<Seat> seats) {
        if (seats.size() < 2) {
            return 0;
        }
        Seat[] ordered = seats.toArray(new Seat[0]);
        java.util.Arrays.sort(ordered, (one, other) -> one.getNeed().start != other.getNeed().start
                ? Integer.compare(one.getNeed().start, other.getNeed().start)
                : Integer.compare(one.getNeed().index, other.getNeed().index));
        long units = 0;
        for (int at = 1; at < ordered.length; at++) {
            units += Instance.current.units(ordered[at - 1].getNeed().place, ordered[at].getNeed().place);
        }
        return units;
    }
}
