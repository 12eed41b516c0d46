package peers;

import java.util.ArrayList;
import java.util.List;

/** Who stands at one post. */
public final class PostLoad {
    private final List<Seat> seats = new ArrayList<>();
    private int heads;
    private int staff;

    public void add(Seat seat) {
        seats.add(seat);
        heads += seat.getPerson().trainee ? 0 : 1;
        staff += seat.getPerson().staff ? 1 : 0;
    }

    public void remove(Seat seat, Person person) {
        seats.remove(seat);
        heads -= person.trainee ? 0 : 1;
        staff -= person.staff ? 1 : 0;
    }

    public int heads() {
        return heads;
    }

    /** S23: guests without staff at a mixed post, and a newcomer alone. */
    public long mix() {
        if (seats.isEmpty()) {
            return 0;
        }
        Seat first = seats.get(0);
        long broken = first.getNeed().mix && staff == 0 ? 1 : 0;
        return broken + (seats.size() == 1 && first.getPerson().newcomer ? 1 : 0);
    }
}
