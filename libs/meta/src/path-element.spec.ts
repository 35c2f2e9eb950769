import { describe, expect, it } from 'vitest';
import { fromWireElement, pathText, sortElements, toWireElement } from './path-element.ts';

describe('path elements', () => {
  it('stand in the wire’s order: fields, keys, values, indices; numbers by their size', () => {
    const sorted = [
      'f:A',
      'f:a',
      'k:{"name":"a"}',
      'k:{"name":"a","port":9}',
      'k:{"name":"a","port":80}',
      'k:{"port":9,"protocol":"UDP"}',
      'k:{"port":80,"protocol":"TCP"}',
      'v:9',
      'v:80',
      'v:"a"',
      'v:true',
      'i:2',
      'i:10',
    ];
    expect(sortElements([...sorted].reverse())).toEqual(sorted);
  });

  it.each([
    ['f:a b', 'f:a b'],
    ['k:{"protocol":"TCP","port":80}', 'k:{"port":80,"protocol":"TCP"}'],
    ['k:{ "a" : 1.0 }', 'k:{"a":1}'],
    ['v:"\\u003c"', 'v:"<"'],
    ['i:3', 'i:3'],
    ['x:later', 'unknown'],
    ['f', 'malformed'],
    ['name', 'malformed'],
    ['k:[1]', 'malformed'],
    ['v:{', 'malformed'],
    ['i:x', 'malformed'],
  ])('%j is read as %j', (wire, element) => {
    expect(fromWireElement(wire)).toBe(element);
  });

  it('are written as Go writes JSON', () => {
    expect(toWireElement('v:"a<b>&\u2028"')).toBe('v:"a\\u003cb\\u003e\\u0026\\u2028"');
    expect(toWireElement('f:<')).toBe('f:<');
  });

  it('make a path that people read', () => {
    expect(pathText(['f:spec', 'f:list', 'k:{"a":1,"b":"x"}', 'f:set', 'v:"y"'])).toBe(
      '.spec.list[a=1,b="x"].set[="y"]',
    );
    expect(pathText(['f:spec', 'i:2'])).toBe('.spec[2]');
  });
});
