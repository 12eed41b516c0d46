package peers;

import java.util.Map;

/** A person with resolved limits; a limit of -1 does not exist. */
public final class Person {
    public final int index;
    public int group;
    public boolean trainee;
    public boolean newcomer;
    public boolean staff;
    public int minRest;
    public int maxMinutesDay;
    public int maxDutiesDay;
    public int maxMinutesWeek;
    public int maxDutiesWeek;
    public int maxMinutesFourWeeks;
    public int minMinutesHorizon;
    public int maxMinutesHorizon;
    public int maxDaysOn;
    public int minDaysOn;
    public int minDaysOff;
    public int maxWeekendsFourWeeks;
    public int maxWeekendsHorizon;
    public final int[] minutesBefore = new int[3];
    public final int[] weekendsBefore = new int[3];
    public int daysOnBefore;
    public int daysOffBefore;
    public boolean historyKnown;
    public int unsocialBefore;
    public int minMinutesWeek;
    public int hostMinutesWeek;
    public Map<Integer, Integer> maxOfType = Map.of();

    public Person(int index) {
        this.index = index;
    }

    public int getGroup() {
        return group;
    }
}
