/**
 * When the probes of a walk left, without a time for each: places are walked in order, so the times at which the
 * walk went on tell them all.
 *
 * @module
 */

/** The last turns of one walk. Times are microseconds. */
export class SendLog {
  readonly #places = new Float64Array(size);
  readonly #times = new Float64Array(size);
  #first = 0;
  #count = 0;
  #lastPlace = -1;

  /** The probe at a place leaves, one in front of all before. A walk that goes back is another one. */
  note(place: number, nowUs: number): void {
    if (place < this.#lastPlace) this.#count = 0;
    this.#lastPlace = place;
    if (this.#count > 0 && this.#times[this.#at(this.#count - 1)] === nowUs) return;
    if (this.#count === size) this.#first = this.#at(1);
    else this.#count++;
    const at = this.#at(this.#count - 1);
    this.#places[at] = place;
    this.#times[at] = nowUs;
  }

  /** When the probe at a place left; -1 for one so long ago that it is forgotten. */
  timeOf(place: number): number {
    if (this.#count === 0 || place < (this.#places[this.#at(0)] as number)) return -1;
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#places[this.#at(middle)] as number) <= place) low = middle;
      else high = middle - 1;
    }
    return this.#times[this.#at(low)] as number;
  }

  #at(index: number): number {
    return (this.#first + index) % size;
  }
}

/** A turn takes some 60 µs at least (a system call to wait, one to send): these are four seconds or more. */
const size = 65_536;
