import type { OpenTabPort, TabEvents, TabMessage, TabPort } from "./tab-port.ts";

type Place = {
  group: string;
  tab: string;
  events: TabEvents;
  isFrozen: boolean;
  late: (() => void)[];
};

/** The tabs of one browser, without a browser: they hear each other in order, and die or freeze on demand. */
export class ScriptedTabs {
  readonly #places: Place[] = [];
  readonly #leading = new Map<string, Place>();
  readonly #queue: Place[] = [];

  /** The port of this tab, to be opened once. */
  portOf(tab: string): OpenTabPort {
    return (group, events) => {
      const place: Place = { group, tab, events, isFrozen: false, late: [] };
      this.#places.push(place);
      this.#wait(place);
      return this.#port(place);
    };
  }

  /** Who leads, by the browser's word. */
  get leader(): string | undefined {
    return [...this.#leading.values()][0]?.tab;
  }

  /** The tab crashes, or is closed: it says nothing any more, and the browser gives its locks to others. */
  kill(tab: string): void {
    const place = this.#find(tab);
    place.isFrozen = true;
    this.#end(place);
  }

  /** Nothing runs in this tab, and it keeps its locks. */
  freeze(tab: string): void {
    this.#find(tab).isFrozen = true;
  }

  thaw(tab: string): void {
    const place = this.#find(tab);
    place.isFrozen = false;
    for (const each of place.late.splice(0)) each();
  }

  #port(place: Place): TabPort {
    return {
      tab: place.tab,
      post: (message) => {
        if (!place.isFrozen) for (const other of this.#others(place)) this.#say(other, message);
      },
      takeLead: () => place.isFrozen || this.#take(place),
      close: () => this.#end(place),
    };
  }

  #wait(place: Place): void {
    this.#queue.push(place);
    queueMicrotask(() => this.#grant(place.group));
  }

  #find(tab: string): Place {
    const place = this.#places.find((each) => each.tab === tab);
    if (place === undefined) throw new Error(`there is no tab ${tab}`);
    return place;
  }

  #others(place: Place): Place[] {
    return this.#places.filter((each) => each !== place && each.group === place.group);
  }

  #say(place: Place, message: TabMessage): void {
    this.#run(place, () => place.events.heard(structuredClone(message)));
  }

  #run(place: Place, what: () => void): void {
    queueMicrotask(() => {
      if (!this.#places.includes(place)) return;
      if (place.isFrozen) place.late.push(what);
      else what();
    });
  }

  #grant(group: string): void {
    if (this.#leading.has(group)) return;
    const at = this.#queue.findIndex((each) => each.group === group);
    const next = this.#queue.splice(at, at < 0 ? 0 : 1)[0];
    if (next === undefined) return;
    this.#leading.set(group, next);
    this.#run(next, () => next.events.led());
  }

  #take(place: Place): void {
    const before = this.#leading.get(place.group);
    this.#leading.set(place.group, place);
    this.#leaveQueue(place);
    if (before && before !== place) {
      this.#run(before, () => before.events.lost());
      this.#wait(before);
    }
    this.#run(place, () => place.events.led());
  }

  #end(place: Place): void {
    const at = this.#places.indexOf(place);
    if (at < 0) return;
    this.#places.splice(at, 1);
    this.#leaveQueue(place);
    if (this.#leading.get(place.group) === place) this.#leading.delete(place.group);
    queueMicrotask(() => this.#grant(place.group));
  }

  #leaveQueue(place: Place): void {
    const at = this.#queue.indexOf(place);
    if (at >= 0) this.#queue.splice(at, 1);
  }
}
