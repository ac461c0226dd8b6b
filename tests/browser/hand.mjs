// How a person acts: by mouse, by touch, or by keyboard alone. Steps are written once and done by every hand.

/** Where the focus is, in words: for the message when something is not reached. */
const where = (page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));

export class Hand {
  constructor(person, byKey) {
    this.page = person.page;
    this.keys = person.page.keyboard;
    this.byKey = byKey;
  }

  /** Walks to something with Tab alone. */
  async reach(target) {
    await target.waitFor({ state: 'visible' });
    for (let steps = 0; steps < 160; steps += 1) {
      if (await target.evaluate((one) => one === document.activeElement || one.contains(document.activeElement))) return;
      await this.keys.press('Tab');
    }
    throw new Error(`not reached by Tab: ${target}; the focus is on ${await where(this.page)}`);
  }

  async press(target, key = 'Enter') {
    if (!this.byKey) return target.click();
    await this.reach(target);
    return this.keys.press(key);
  }

  /** A box is ticked by Space. */
  async tick(box) {
    if (this.byKey) return this.press(box, 'Space');
    // The box itself is drawn beside it.
    return box.locator('xpath=..').click();
  }

  async write(field, text) {
    await this.press(field, 'End');
    await this.keys.press('Control+a');
    if (text === '') return this.keys.press('Delete');
    return this.keys.type(text);
  }

  async choose(select, option) {
    if (!this.byKey) return select.selectOption({ label: option });
    await this.reach(select);
    // The browser's own list follows what is typed.
    return this.keys.type(option.slice(0, 4));
  }

  /** A line of a menu. */
  async pick(button, line) {
    await this.press(button);
    const item = this.page.getByRole('menuitem', { name: line, exact: true });
    await item.waitFor();
    if (!this.byKey) return item.click();
    while (!(await item.evaluate((one) => one === document.activeElement))) await this.keys.press('ArrowDown');
    return this.keys.press('Enter');
  }
}
