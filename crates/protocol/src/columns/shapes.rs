//! What the rows look like: of which entity, by which action, with which fields in which order.
//!
//! ```text
//! number of entities; for each: its code as text; how many names of fields, and each as text
//! number of actions; each as text
//! number of shapes; for each: place of the entity, place of the action, how many runs of names;
//!     for each run: where it begins, as a step from where the run before ended (at first 0), and
//!     how many names of the entity follow one another
//! ```

use jitasa_domain::{ActionKind, Entity};
use serde_json::{Map, Value};

use super::{
    budget::Budget,
    text::{put_text, read_text},
};
use crate::{
    WireError,
    bytes::{Input, put_number, put_step},
};

/// One entity of a section, and every name of a field that its rows have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) entity: Entity,
    pub(super) names: Vec<String>,
}

/// What rows look like that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Place among the entities.
    pub(super) entity: usize,
    pub(super) action: ActionKind,
    /// Places among the entity's names, in the order of the row's fields; none twice.
    pub(super) fields: Vec<usize>,
}

/// All shapes of a section.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shapes {
    pub(super) entities: Vec<Named>,
    pub(super) shapes: Vec<Shape>,
}

impl Shapes {
    /// The shapes of rows, and for each row which is its own.
    pub(super) fn of<'a>(
        rows: impl Iterator<Item = (Entity, ActionKind, &'a Map<String, Value>)> + Clone,
    ) -> (Self, Vec<u64>) {
        let mut all = Self::default();
        for (entity, _, fields) in rows.clone() {
            all.add_names(entity, fields);
        }
        let which = rows
            .map(|(entity, action, fields)| all.place(entity, action, fields))
            .collect();
        (all, which)
    }

    /// A name that is new stands behind the one it followed, so that the names of one entity keep
    /// the order of its fields and a shape is few runs of them.
    fn add_names(&mut self, entity: Entity, fields: &Map<String, Value>) {
        let at = match self.entities.iter().position(|each| each.entity == entity) {
            Some(at) => at,
            None => {
                let names = Vec::new();
                self.entities.push(Named { entity, names });
                self.entities.len() - 1
            }
        };
        let names = &mut self.entities[at].names;
        let mut next = 0;
        for name in fields.keys() {
            match names.iter().position(|known| known == name) {
                Some(known) => next = known + 1,
                None => {
                    names.insert(next, name.clone());
                    next += 1;
                }
            }
        }
    }

    fn place(&mut self, entity: Entity, action: ActionKind, fields: &Map<String, Value>) -> u64 {
        let named = self.entities.iter().position(|each| each.entity == entity);
        let entity = named.unwrap_or(0);
        let names = &self.entities[entity].names;
        let shape = Shape {
            entity,
            action,
            fields: fields
                .keys()
                .filter_map(|name| names.iter().position(|known| known == name))
                .collect(),
        };
        let place = self.shapes.iter().position(|each| *each == shape);
        place.unwrap_or_else(|| {
            self.shapes.push(shape);
            self.shapes.len() - 1
        }) as u64
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        put_number(out, self.entities.len() as u64);
        for named in &self.entities {
            put_text(out, named.entity.code());
            put_number(out, named.names.len() as u64);
            for name in &named.names {
                put_text(out, name);
            }
        }
        let mut actions: Vec<ActionKind> = Vec::new();
        for shape in &self.shapes {
            if !actions.contains(&shape.action) {
                actions.push(shape.action);
            }
        }
        put_number(out, actions.len() as u64);
        for action in &actions {
            put_text(out, action.code());
        }
        put_number(out, self.shapes.len() as u64);
        for shape in &self.shapes {
            let action = actions.iter().position(|each| *each == shape.action);
            put_number(out, shape.entity as u64);
            put_number(out, action.unwrap_or(0) as u64);
            let runs: Vec<_> = shape.fields.chunk_by(|a, b| a + 1 == *b).collect();
            put_number(out, runs.len() as u64);
            let mut end = 0;
            for run in runs {
                put_step(out, end, run[0] as u64);
                put_number(out, run.len() as u64);
                end = (run[0] + run.len()) as u64;
            }
        }
    }

    pub(super) fn read(input: &mut Input, budget: &mut Budget) -> Result<Self, WireError> {
        let mut entities: Vec<Named> = Vec::new();
        for _ in 0..input.count()? {
            let entity = Entity::from_code(&read_text(input)?)
                .ok_or(WireError::Unknown { what: "entity" })?;
            let mut names = Vec::new();
            for _ in 0..input.count()? {
                let name = read_text(input)?;
                budget.value(name.len())?;
                names.push(name);
            }
            entities.push(Named { entity, names });
        }
        let actions: Vec<ActionKind> = (0..input.count()?)
            .map(|_| {
                ActionKind::from_code(&read_text(input)?)
                    .ok_or(WireError::Unknown { what: "action" })
            })
            .collect::<Result<_, _>>()?;
        let count = input.count()?;
        let mut taken: Vec<Vec<usize>> = entities
            .iter()
            .map(|named| vec![0; named.names.len()])
            .collect();
        let mut shapes = Vec::new();
        for turn in 1..=count {
            let entity = input.place(entities.len())?;
            let action = actions[input.place(actions.len())?];
            let taken = &mut taken[entity];
            let mut fields = Vec::new();
            let mut end = 0;
            for _ in 0..input.count()? {
                let start = input.step(end)?;
                let length = input.number()?;
                end = start.checked_add(length).ok_or(WireError::Malformed)?;
                if end > taken.len() as u64 {
                    return Err(WireError::Malformed);
                }
                for field in start..end {
                    let field = usize::try_from(field).map_err(|_| WireError::Malformed)?;
                    // A field twice would be a value lost.
                    if std::mem::replace(&mut taken[field], turn) == turn {
                        return Err(WireError::Malformed);
                    }
                    budget.bytes(size_of::<usize>())?;
                    fields.push(field);
                }
            }
            shapes.push(Shape {
                entity,
                action,
                fields,
            });
        }
        Ok(Self { entities, shapes })
    }
}
