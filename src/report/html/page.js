'use strict';
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse($('#data').textContent);

  // ---- light and dark -------------------------------------------------------------------------

  const root = document.documentElement;
  const themeButton = $('#theme');
  const store = {
    get() { try { return localStorage.getItem('wcheck-theme'); } catch { return null; } },
    set(value) { try { localStorage.setItem('wcheck-theme', value); } catch { /* not from every place */ } },
  };
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches;
  const nameTheme = () => { themeButton.textContent = isDark() ? 'Light' : 'Dark'; };
  if (['light', 'dark'].includes(store.get())) root.dataset.theme = store.get();
  themeButton.hidden = false;
  themeButton.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    store.set(root.dataset.theme);
    nameTheme();
  });
  systemDark.addEventListener('change', nameTheme);
  nameTheme();

  // ---- what both kinds of page filter ---------------------------------------------------------

  // "3 7" and "0...20,35" as a set of numbers.
  const numbers = (text) => {
    const set = new Set();
    for (const part of (text || '').split(/[ ,]/)) {
      if (!part) continue;
      const [first, last] = part.split('...').map(Number);
      for (let n = first; n <= (last ?? first); ++n) set.add(n);
    }
    return set;
  };
  // The text of an element, in small letters, read once and only when somebody searches.
  const texts = new WeakMap();
  const textOf = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const many = (count, one, more) => `${count.toLocaleString('en')} ${count === 1 ? one : more}`;

  const bar = $('#bar');
  const search = $('#q');
  const said = $('#said');
  const picked = $('#picked');
  bar.hidden = false;
  bar.addEventListener('submit', (event) => event.preventDefault());
  let words = [];
  const hasWords = (element) => words.every((word) => textOf(element).includes(word));

  const findings = $$('.finding').map((element) => ({
    element,
    numbers: numbers(element.dataset.f),
    level: ['error', 'warning', 'note'].find((level) => element.classList.contains(level)),
  }));
  // Shows the findings that `fits` takes, and hides headings under which nothing is left.
  const showFindings = (fits) => {
    let shown = 0;
    for (const finding of findings) {
      finding.element.hidden = !(hasWords(finding.element.closest('.cause')) && fits(finding));
      shown += finding.element.hidden ? 0 : 1;
    }
    for (const outer of $$('.cause, .group')) outer.hidden = !$('.finding:not([hidden])', outer);
    for (const list of $$('.findings')) {
      const all = $$('.finding', list).length;
      const left = $$('.finding:not([hidden])', list).length;
      $('.finding-count', list).textContent = left === all ? String(all) : `${left} of ${all}`;
    }
    return shown;
  };
  const showPicked = (label, clear) => {
    picked.replaceChildren();
    if (!label) return;
    const button = make('button', '', `${label}  ×`);
    button.type = 'button';
    button.setAttribute('aria-label', `Stop filtering by ${label}`);
    button.addEventListener('click', clear);
    picked.append(button);
  };
  // Makes an element that is no button behave like one.
  const asButton = (element, label, act) => {
    element.setAttribute('role', 'button');
    element.setAttribute('tabindex', '0');
    element.setAttribute('aria-pressed', 'false');
    if (label) element.setAttribute('aria-label', label);
    element.addEventListener('click', (event) => { event.stopPropagation(); act(); });
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  };
  const start = (apply, clear) => {
    let timer;
    search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        apply();
      }, 60);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        search.focus();
      } else if (event.key === 'Escape') {
        search.value = '';
        words = [];
        clear();
      }
    });
    apply();
  };

  // ---- the page of a run: findings and classes ------------------------------------------------

  if ($('main.index')) {
    const rows = $$('.classes tbody tr');
    const boxes = $$('.level-box');
    let chosen = null;
    const apply = () => {
      const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const found = showFindings((finding) => levels.has(finding.level) && (!chosen || chosen === finding));
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = chosen ? !chosen.numbers.has(i) : !hasWords(row);
        shown += row.hidden ? 0 : 1;
      });
      for (const { element } of findings) element.classList.toggle('picked', !!chosen && chosen.element === element);
      $('#none').hidden = shown > 0;
      $('#row-count').textContent = shown === rows.length ? String(rows.length) : `${shown} of ${rows.length}`;
      said.textContent = `${many(found, 'finding', 'findings')}, ${many(shown, 'class', 'classes')}`;
    };
    const clear = () => {
      chosen = null;
      for (const box of boxes) box.checked = true;
      showPicked('');
      apply();
    };
    for (const finding of findings) {
      const summary = $('details.in summary', finding.element);
      if (!summary || finding.numbers.size === 0) continue;
      const button = make('button', 'pick', 'Show these classes');
      button.type = 'button';
      button.addEventListener('click', () => {
        chosen = finding;
        showPicked($('.check', finding.element).textContent, clear);
        apply();
        $('#classes').scrollIntoView();
      });
      summary.parentElement.append(button);
    }
    for (const box of boxes) box.addEventListener('change', apply);
    start(apply, clear);
    return;
  }

  // ---- the page of a comparison: what changed, new and fixed findings -------------------------

  if ($('main.changes')) {
    const changes = $$('.change');
    const boxes = $$('.level-box');
    const apply = () => {
      const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      let shown = 0;
      for (const change of changes) {
        change.hidden = !(verdicts.has(change.dataset.verdict) && hasWords(change));
        shown += change.hidden ? 0 : 1;
      }
      const found = showFindings(() => true);
      $('#none').hidden = shown > 0 || changes.length === 0;
      said.textContent = `${many(shown, 'change', 'changes')}, ${many(found, 'finding', 'findings')}`;
    };
    for (const box of boxes) box.addEventListener('change', apply);
    start(apply, () => {
      for (const box of boxes) box.checked = true;
      apply();
    });
    return;
  }

  // ---- the page of a model: graph, findings, families -----------------------------------------

  const rows = $$('.families tbody tr').map((element, index) => ({
    element, index, numbers: numbers(element.dataset.f),
    kind: ['fault', 'moved', 'still'].find((kind) => element.classList.contains(kind)),
    differs: element.classList.contains('differs'),
  }));
  const canvases = $$('.canvas');
  const show = $('#show');
  const nodes = [];  // of both graphs
  const edges = [];
  let chosen = null;  // {label, transform} or {label, rows}

  const nodeRows = (id) => {
    const transform = /-t(\d+)$/.exec(id);
    if (!transform) return new Set(data.nodes[id] || []);
    const t = Number(transform[1]);
    return new Set(rows.filter((row) => row.numbers.has(t)).map((row) => row.index));
  };
  const inChoice = (row) => !chosen ||
    (chosen.rows ? chosen.rows.has(row.index) : row.numbers.has(chosen.transform));

  const apply = () => {
    let shown = 0;
    for (const row of rows) {
      const wanted = show.value === '' || row.kind === 'fault' || row.differs ||
        (show.value === 'moved' && row.kind === 'moved');
      row.element.hidden = !(wanted && inChoice(row) && hasWords(row.element));
      if (row.steps) row.steps.hidden = row.element.hidden || row.element.getAttribute('aria-expanded') !== 'true';
      shown += row.element.hidden ? 0 : 1;
    }
    const chosenRows = new Set(rows.filter(inChoice).map((row) => row.index));
    // A choice of families keeps the findings about the transforms that move them.
    const transforms = new Set();
    if (chosen) {
      if (chosen.rows) {
        for (const row of rows) if (chosenRows.has(row.index)) for (const t of row.numbers) transforms.add(t);
      } else {
        transforms.add(chosen.transform);
      }
    }
    const found = showFindings((finding) => !chosen || [...finding.numbers].some((t) => transforms.has(t)));
    for (const row of $$('.plan tbody tr')) row.classList.toggle('picked', !!chosen && row.dataset.f === String(chosen.transform));
    for (const chip of $$('.chip[data-t]')) chip.setAttribute('aria-pressed', String(!!chosen && chip.dataset.t === String(chosen.transform)));
    showInGraph(chosenRows);
    if ($('#none')) $('#none').hidden = shown > 0;
    const count = shown === rows.length ? String(shown) : `${shown} of ${rows.length}`;
    if ($('#row-count')) $('#row-count').textContent = count;
    said.textContent = `${many(shown, 'family', 'families')}, ${many(found, 'finding', 'findings')}`;
  };
  const choose = (choice) => {
    const same = chosen && choice && chosen.label === choice.label;
    chosen = same ? null : choice;
    showPicked(chosen ? chosen.label : '', () => choose(null));
    apply();
  };
  const chooseTransform = (t) => choose({ label: data.transforms[t][0], transform: t });

  // Graph: what the choice touches stays, the rest fades.
  const showInGraph = (chosenRows) => {
    for (const canvas of canvases) canvas.classList.toggle('filtered', !!chosen);
    const on = new Set();
    for (const node of nodes) {
      const self = chosen && (chosen.node ? node.id === chosen.node : node.transform === chosen.transform);
      const hit = self || [...node.rows].some((index) => chosenRows.has(index));
      node.element.classList.toggle('on', hit);
      node.element.setAttribute('aria-pressed', String(!!self));
      if (hit) on.add(node.id);
    }
    for (const edge of edges) edge.element.classList.toggle('on', on.has(edge.from) && on.has(edge.to));
  };
  for (const canvas of canvases) {
    const prefix = canvas.parentElement.dataset.dir + '-';
    for (const element of $$('.node', canvas)) {
      const lines = $$('text', element).map((text) => text.textContent.trim()).join(' ');
      const transform = /-t(\d+)$/.exec(element.id);
      const node = {
        element, id: element.id, rows: nodeRows(element.id),
        transform: transform ? Number(transform[1]) : null,
      };
      nodes.push(node);
      if (node.transform === null && node.rows.size === 0) continue;
      asButton(element, lines, () => {
        if (node.transform !== null) chooseTransform(node.transform);
        else choose({ label: lines, rows: node.rows, node: node.id });
      });
    }
    for (const element of $$('.edge', canvas)) {
      // "c3:e->t1:w", with the sides at which the edge leaves and arrives.
      const [from, to] = $('title', element).textContent.split('->').map((end) => prefix + end.split(':')[0]);
      edges.push({ element, from, to });
    }
    // A picture may shrink to the width of the page as long as it can be read.
    const svg = $('svg', canvas);
    if (svg) svg.style.minWidth = `${Math.max(640, 0.85 * svg.viewBox.baseVal.width)}px`;
    // The names of nodes and edges mean nothing to people, who see them when the mouse rests.
    for (const title of $$('title', canvas)) title.remove();
  }
  const directions = $$('.dir');
  const turnTo = (direction) => {
    for (const figure of $$('figure.graph')) figure.hidden = figure.dataset.dir !== direction;
    for (const button of directions) button.setAttribute('aria-pressed', String(button.dataset.dir === direction));
  };
  if (directions.length > 0) {
    $('#graph-tools').hidden = false;
    for (const caption of $$('figure.graph > figcaption')) caption.classList.add('vh');
    for (const button of directions) button.addEventListener('click', () => turnTo(button.dataset.dir));
    turnTo(directions[0].dataset.dir);
    $('#size').addEventListener('click', () => {
      const actual = $('#size').getAttribute('aria-pressed') !== 'true';
      $('#size').setAttribute('aria-pressed', String(actual));
      for (const canvas of canvases) canvas.classList.toggle('actual', actual);
    });
  }
  for (const chip of $$('.chip[data-t]')) asButton(chip, '', () => chooseTransform(Number(chip.dataset.t)));

  // ---- the steps of a family ------------------------------------------------------------------

  const line = (key, begin, end, tag) => {
    const code = make('code');
    code.append(key.slice(0, begin));
    if (end > begin) code.append(make(tag, '', key.slice(begin, end)));
    code.append(key.slice(end));
    return code;
  };
  const stepsOf = (way) => {
    const list = make('ol');
    let key = way[0];
    for (const [t, , matchBegin, matchEnd, begin, end, inserted] of way[1]) {
      const item = make('li');
      item.append(make('code', 'chip', data.transforms[t][0]), ' ', make('small', '', data.transforms[t][1]));
      item.append(line(key, matchBegin, matchEnd, 'mark'));
      if (begin !== matchBegin || end !== matchEnd) {
        item.append(make('small', '', 'replaced is the first text that reads like the match:'), line(key, begin, end, 'del'));
      }
      key = key.slice(0, begin) + inserted + key.slice(end);
      item.append(line(key, begin, begin + inserted.length, 'ins'));
      list.append(item);
    }
    return list;
  };
  const waysOf = (title, ways) => {
    const side = make('div');
    side.append(make('h5', '', title));
    if (ways.length === 0) side.append(make('p', 'empty', 'Nothing.'));
    for (const way of ways) {
      side.append(make('code', '', way[2]));
      if (way[1].length > 0) side.append(stepsOf(way));
      else side.append(make('p', 'hint', 'No transform matches.'));
      if (way[4]) side.append(make('p', 'hint', way[4]));
      if (way[5]) side.append(make('p', 'hint', way[5]));
      if (way[3]) side.append(make('p', 'hint', '→ ' + way[3]));
    }
    return side;
  };
  const toggle = (row) => {
    const open = row.element.getAttribute('aria-expanded') !== 'true';
    if (!row.steps) {
      row.steps = make('tr', 'steps');
      const cell = make('td');
      cell.colSpan = 3;
      const both = make('div', 'ways');
      const [load, save] = data.ways[row.index];
      both.append(waysOf('Load', load), waysOf('Save', save));
      cell.append(both);
      row.steps.append(cell);
      row.element.after(row.steps);
    }
    row.element.setAttribute('aria-expanded', String(open));
    row.steps.hidden = !open;
  };
  for (const row of rows) {
    row.element.setAttribute('aria-expanded', 'false');
    row.element.setAttribute('tabindex', '0');
    row.element.addEventListener('click', () => { if (!String(getSelection())) toggle(row); });
    row.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.target !== row.element) return;
      event.preventDefault();
      toggle(row);
    });
  }

  show.addEventListener('change', apply);
  start(apply, () => {
    show.value = '';
    choose(null);
  });
})();
