// SPDX-License-Identifier: Apache-2.0
// Stale age against read p99, a point per protocol.

const MANY = 14; // From so many points on, colours tell strategies, and only the best have names.

const tradeOff = {
  model(chart) {
    const told = chosenOf(chart.points, Infinity);
    const isCrowded = told.drawn.length > MANY;
    const strategies = new Map();
    for (const { p } of chart.points) {
      const { strategy } = page.protocols[p].parts;
      if (!strategies.has(strategy)) strategies.set(strategy, chart.looks[p]);
    }
    const lookOf = (each) =>
      isCrowded ? strategies.get(page.protocols[each.p].parts.strategy) : chart.looks[each.p];
    const names = (numbers) => numbers.map((p) => nameOf({ p })).join(", ");
    const few = told.drawn.filter((each) => each.age_of || each.p99_of).map((each) => each.p);
    const notes = [
      ["nobody sampled the ages", chart.unknown],
      ["more than 1% of the reads were never answered", chart.never],
    ]
      .filter(([, numbers]) => numbers.length)
      .map(([why, numbers]) => `Not drawn, as ${why}: ${names(numbers)}.`);
    if (few.length) notes.push(`Whiskers of fewer repetitions, see the table: ${names(few)}.`);
    return { ...told, notes, isCrowded, lookOf, strategies };
  },

  height: () => 380,

  option({ drawn, lookOf, isCrowded }, look, width) {
    const ages = drawn.flatMap((each) => [each.age, ...(each.age_range ?? [])]).filter(Boolean);
    const scale = logScale(ages.length ? ages : [1e6, 1e7]);
    const zero = scale.min / 10;
    const at = (age) => age || zero;
    const times = drawn.flatMap((each) => [each.p99, ...(each.p99_range ?? [])]);
    const { min, max } = logScale(times);
    const share = (p99) => Math.log(p99 / min) / Math.log(max / min);
    const front = drawn.filter((each) => each.front).sort((a, b) => a.p99 - b.p99);
    const point = (each) => {
      const { colour } = lookOf(each);
      return {
        value: [each.p99, at(each.age)],
        each,
        symbol: symbolOf(lookOf(each)),
        symbolSize: isCrowded ? 9 : 12,
        itemStyle: {
          color: each.age ? colour : look.ground,
          borderColor: colour,
          borderWidth: 2,
          opacity: isCrowded ? 0.8 : 1,
        },
        label: {
          show: each.front,
          formatter: () => nameOf(each),
          color: look.ink,
          fontSize: 11,
          position: "top",
          align: ["left", "center", "right"][Math.min(2, Math.floor(3 * share(each.p99)))],
          width: 0.4 * width,
          overflow: "truncate",
        },
      };
    };
    return {
      grid: { left: 62, right: 24, top: 24, bottom: 48 },
      xAxis: logAxis(look, "read p99", times, duration),
      yAxis: axis(look, "age of the most outdated read", {
        type: "log",
        min: zero / 2,
        max: scale.max * 1.3, // Room for a point.
        nameGap: 46,
        axisTick: { customValues: [zero, ...scale.marks] },
        axisLabel: {
          customValues: [zero, ...scale.marks],
          formatter: (age) => (age < 2 * zero ? "none" : duration(age)),
        },
      }),
      tooltip: {
        formatter: ({ data: { each } }) =>
          tip(
            nameOf(each),
            `read p99 ${duration(each.p99)}${between(each, "p99", duration)}`,
            (each.age ? `oldest read ${duration(each.age)}` : "no read was stale") +
              between(each, "age", duration),
            `stale reads ${percent(each.stale ?? 0)}`,
          ),
      },
      series: [
        {
          type: "line",
          silent: true,
          symbol: "none",
          step: "end",
          z: 1,
          lineStyle: { color: look.soft, type: [4, 4], width: 1.5 },
          data: front.map((each) => [each.p99, at(each.age)]),
        },
        whiskers(
          drawn
            .filter((each) => each.p99_range)
            .map((each) => [at(each.age), ...each.p99_range, lookOf(each).colour]),
          "x",
          look,
        ),
        whiskers(
          drawn
            .filter((each) => each.age_range)
            .map((each) => [each.p99, ...each.age_range.map(at), lookOf(each).colour]),
          "y",
          look,
        ),
        {
          type: "scatter",
          data: drawn.map(point),
          z: 4,
          labelLayout: isCrowded ? { hideOverlap: true } : { moveOverlap: "shiftY" },
        },
      ],
    };
  },

  legend: ({ drawn, isCrowded, strategies, lookOf }) =>
    isCrowded
      ? [...strategies].map(([label, look]) => ({ label, look }))
      : drawn.map((each) => ({ label: nameOf(each), look: lookOf(each) })),

  table: ({ drawn }) => ({
    columns: [
      "Protocol",
      "Read p99",
      "Age of the most outdated read",
      "Stale reads",
      "On the line",
    ],
    rows: drawn.map((each) => [
      nameOf(each),
      duration(each.p99) + between(each, "p99", duration),
      (each.age ? duration(each.age) : "none was stale") + between(each, "age", duration),
      percent(each.stale ?? 0),
      each.front ? "yes" : "",
    ]),
  }),
};
