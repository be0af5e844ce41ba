// SPDX-License-Identifier: Apache-2.0
// What went on over time: small pictures on the same axes, one per protocol.

const PANEL = 92,
  TITLE = 20,
  GAP = 14; // Pixels.

const panels = {
  limit: FIRST_CURVES,
  curves: (chart) => chart.panels,

  controls: (chart) =>
    Object.keys(chart.kinds).length > 1
      ? [{ name: "kind", title: "Show", options: Object.entries(chart.kinds) }]
      : [],

  model(chart, limit, state) {
    const kind = state.kind ?? Object.keys(chart.kinds)[0];
    const told = chosenOf(chart.panels, limit, state.picked);
    return { ...told, kind, title: chart.kinds[kind], faults: chart.faults, looks: chart.looks };
  },

  columns: ({ drawn }, width) => Math.max(1, Math.min(drawn.length, Math.floor(width / 380))),

  height(model, width) {
    const rows = Math.ceil(model.drawn.length / this.columns(model, width));
    return rows * (PANEL + TITLE + GAP) + 56;
  },

  option(model, look, width) {
    const { drawn, kind, looks, faults } = model;
    const columns = this.columns(model, width),
      left = 62,
      between_columns = 66;
    const wide = (width - left - 18 - (columns - 1) * between_columns) / columns;
    const isLog = kind === "latency" || kind === "herd";
    const write = kind === "latency" ? duration : kind === "herd" ? whole : count;
    const values = drawn.flatMap((each) => each[kind]).filter((value) => value > 0);
    const end = Math.max(...drawn.map(({ at }) => at.at(-1) + at[0]));
    const scale =
      isLog && values.length ? logScale(kind === "herd" ? [1, ...values] : values) : null;
    const option = { title: [], grid: [], xAxis: [], yAxis: [], series: [] };
    drawn.forEach((each, place) => {
      const column = place % columns,
        row = Math.floor(place / columns);
      const x = left + column * (wide + between_columns);
      const y = TITLE + 18 + row * (PANEL + TITLE + GAP);
      const isLast = place + columns >= drawn.length;
      const { colour } = looks[each.p];
      option.title.push({
        text: nameOf(each),
        left: x - 4,
        top: y - TITLE,
        padding: 0,
        textStyle: {
          color: look.ink,
          fontSize: TEXT,
          fontWeight: "bold",
          width: wide,
          overflow: "truncate",
        },
      });
      option.grid.push({ left: x, top: y, width: wide, height: PANEL });
      option.xAxis.push(
        axis(look, isLast ? "time [s]" : "", {
          type: "value",
          gridIndex: place,
          min: 0,
          max: end,
          nameGap: 24,
          axisLabel: { show: isLast, showMaxLabel: false },
        }),
      );
      option.yAxis.push(
        axis(look, "", {
          gridIndex: place,
          type: scale ? "log" : "value",
          min: kind === "herd" ? 0.5 : (scale?.min ?? 0), // So that a bar of 1 shows.
          max: scale?.max,
          splitNumber: 3,
          axisTick: scale ? { customValues: scale.marks } : {},
          axisLabel: { formatter: write, ...(scale ? { customValues: scale.marks } : {}) },
        }),
      );
      option.series.push({
        type: "line",
        name: nameOf(each),
        xAxisIndex: place,
        yAxisIndex: place,
        showSymbol: false,
        step: kind === "herd" ? "middle" : false,
        lineStyle: { color: colour, width: 1.8 },
        itemStyle: { color: colour },
        areaStyle:
          kind === "latency" ? undefined : { color: colour, opacity: 0.25, origin: "start" },
        data: each.at.map((at, turn) => [at, isLog && !each[kind][turn] ? null : each[kind][turn]]),
        markArea: {
          silent: true,
          itemStyle: { color: look.fault },
          label: { color: look.ink, fontSize: 11, position: "insideTop", show: place === 0 },
          data: faults.map(([from, to, name]) => [
            { xAxis: from, name },
            { xAxis: Math.min(to, end) },
          ]),
        },
      });
    });
    if (!scale) {
      const most = Math.max(...values, 1e-9);
      const max = roundUp(most);
      for (const each of option.yAxis) Object.assign(each, { max, interval: max / 2 });
    }
    option.tooltip = {
      trigger: "axis",
      formatter: ([{ value, seriesName }]) =>
        tip(`${seriesName}, ${short(value[0], 3)} s`, value[1] == null ? "none" : write(value[1])),
    };
    return option;
  },

  legend: () => [],

  table({ drawn, kind, title }) {
    const write =
      kind === "latency" ? duration : kind === "herd" ? whole : (value) => short(value, 4);
    const times = [...new Set(drawn.flatMap(({ at }) => at))].sort((a, b) => a - b);
    const at = drawn.map((each) => new Map(each.at.map((time, turn) => [time, each[kind][turn]])));
    return {
      caption: title,
      columns: ["Time, in s", ...drawn.map(nameOf)],
      rows: times.map((time) => [
        String(time),
        ...at.map((each) => (each.get(time) == null ? "" : write(each.get(time)))),
      ]),
    };
  },
};
