package dev.connectionregistry.admin.cutover.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A set of worlds in the order in which they were first seen, each with the number of the one it was first seen after. */
final class StateTable {
    private static final int EMPTY = -1;

    private static final int BLOCK = 1 << 16; // worlds

    private final List<long[]> blocks = new ArrayList<>();
    private int[] parents = new int[1 << 16];
    private int[] slots = emptied(1 << 18);
    private int size;

    private static int[] emptied(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, EMPTY);
        return slots;
    }

    int size() {
        return size;
    }

    /** Adds a world that wasn't there; says whether it wasn't. */
    boolean add(World world, int parent) {
        long[] key = world.words();
        int slot = slot(key);
        if (slots[slot] != EMPTY) {
            return false;
        }
        if (size == parents.length) {
            parents = Arrays.copyOf(parents, size * 2);
        }
        if (size % BLOCK == 0) {
            blocks.add(new long[BLOCK * Field.WORDS]);
        }
        slots[slot] = size;
        parents[size] = parent;
        System.arraycopy(key, 0, block(size), place(size), Field.WORDS);
        size++;
        if (size * 2 > slots.length) {
            rehash();
        }
        return true;
    }

    /** The number of a world; negative if it isn't there. */
    int number(World world) {
        return slots[slot(world.words())];
    }

    World world(int number) {
        int from = place(number);
        return World.of(Arrays.copyOfRange(block(number), from, from + Field.WORDS));
    }

    int parent(int number) {
        return parents[number];
    }

    private long[] block(int number) {
        return blocks.get(number / BLOCK);
    }

    private static int place(int number) {
        return number % BLOCK * Field.WORDS;
    }

    private int slot(long[] key) {
        int slot = hash(key, 0) & (slots.length - 1);
        while (slots[slot] != EMPTY && !same(key, slots[slot])) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private boolean same(long[] key, int number) {
        int from = place(number);
        return Arrays.equals(key, 0, Field.WORDS, block(number), from, from + Field.WORDS);
    }

    private static int hash(long[] from, int at) {
        long hash = 0;
        for (int i = 0; i < Field.WORDS; i++) {
            hash = (hash ^ from[at + i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ (hash >>> 32));
    }

    private void rehash() {
        slots = emptied(slots.length * 2);
        for (int number = 0; number < size; number++) {
            int slot = hash(block(number), place(number)) & (slots.length - 1);
            while (slots[slot] != EMPTY) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = number;
        }
    }
}
