package peers;

/** Two people who may not share a post. */
public record Apart(Person one, Person other) {}
